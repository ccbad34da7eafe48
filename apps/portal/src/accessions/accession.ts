import { HttpClient, httpResource } from '@angular/common/http';
import { Component, DestroyRef, computed, effect, inject, input, linkedSignal, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { isErrorCode, sentence } from '@albumen/domain';
import { accessionFilePage, accessionView, type AccessionFileView, type AccessionView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Pressed } from '../controls/pressed';
import { More, Pages } from '../controls/pages';
import { Icon } from '../icons/icon';
import type { IconName } from '../icons/icon-paths';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';
import { FileChooser } from './file-chooser';
import { Uploads } from './uploads';

const filters = ['', 'refused', 'duplicate', 'received'] as const;
type Filter = (typeof filters)[number];

/** Did everything arrive? Totals from rows, one row per file with its outcome for ever and the reason in words. */
@Component({
  selector: 'albumen-accession',
  imports: [RouterLink, AsWord, Icon, FileChooser, ProblemPanel, Pressed, More],
  templateUrl: './accession.html',
  styleUrl: './accession.scss',
})
export class Accession {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  protected readonly uploads = inject(Uploads);
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);

  readonly id = input.required<string>();
  protected readonly filters = filters;
  protected readonly filter = signal<Filter>('');
  protected readonly asking = signal(false);

  protected readonly view = httpResource(() => `/api/accessions/${this.id()}`, {
    parse: (raw) => accessionView.parse(raw),
  });
  /** The last good view: a reload shows no gap. */
  protected readonly accession = linkedSignal<AccessionView | undefined, AccessionView | undefined>({
    source: () => (this.view.hasValue() ? this.view.value() : undefined),
    computation: (fresh, previous) => fresh ?? previous?.value,
  });
  /** Rows of another filter replace these once they are there. */
  protected readonly list = new Pages(
    () => ({
      url: `/api/accessions/${this.id()}/files`,
      params: { limit: 200, ...(this.filter() ? { outcome: this.filter() } : {}) },
    }),
    (raw) => accessionFilePage.parse(raw),
    true,
  );
  protected readonly first = this.list.first;
  protected readonly rows = this.list.rows;

  protected readonly pending = computed(() => this.uploads.pendingOf(this.id()));
  /** Rows that wait while this browser holds no file for them: they go on once the files are chosen again. */
  protected readonly orphans = computed(() => {
    const accession = this.accession();
    if (!accession || accession.status !== 'receiving') return 0;
    const held = [...this.uploads.progress().values()].filter((row) => row.accessionId === this.id()).length;
    return held > 0 ? 0 : accession.totals.waiting;
  });
  protected readonly secondsLeft = computed(() => {
    const rate = this.uploads.rate();
    const left = this.pending().reduce((sum, row) => sum + row.bytes - row.sent, 0);
    return rate > 0 && left > 0 && !this.uploads.paused() ? left / rate : null;
  });

  constructor() {
    effect(() => {
      this.uploads.arrivals();
      untracked(() => this.refresh());
    });
    const timer = setInterval(() => {
      // A refresh that comes while the one before is under way is dropped, so rows may lag behind the totals.
      const waits = (this.accession()?.totals.waiting ?? 0) > 0 || this.rows().some((row) => row.outcome === 'waiting');
      if (document.visibilityState === 'visible' && this.accession()?.status === 'receiving' && waits) this.refresh();
    }, 4000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected countOf(filter: Filter): number {
    const totals = this.accession()?.totals;
    if (!totals) return 0;
    return filter === '' ? totals.total : totals[filter];
  }

  protected icon(row: AccessionFileView): { name: IconName; tone: string } {
    if (row.outcome === 'received') return { name: 'check', tone: 'ok' };
    if (row.outcome === 'refused') return { name: 'close', tone: 'no' };
    if (row.outcome === 'duplicate') return { name: 'content-copy', tone: 'warn' };
    return { name: this.uploads.progress().get(row.id)?.state === 'failed' ? 'warning' : 'schedule', tone: 'go' };
  }

  protected outcome(row: AccessionFileView): string {
    if (row.outcome === 'refused') return this.t('outcome.refused');
    if (row.outcome === 'received') return this.t('outcome.received');
    if (row.outcome === 'duplicate')
      return row.sameBytesAs
        ? this.t('outcome.duplicate', { date: this.formats.date(row.sameBytesAs.since) })
        : this.t('outcome.duplicate.plain');
    const sending = this.uploads.progress().get(row.id);
    if (!sending)
      return row.bytesReceived > 0 && row.bytes > 0
        ? this.t('outcome.paused', { share: this.formats.share(row.bytesReceived / row.bytes) })
        : this.t('outcome.waiting');
    const share = this.formats.share(sending.bytes > 0 ? sending.sent / sending.bytes : 1);
    if (sending.state === 'sending') return this.t('outcome.sending', { share });
    if (sending.state === 'paused') return this.t('outcome.paused', { share });
    if (sending.state === 'arrived') return this.t('outcome.checking');
    if (sending.state === 'failed') return this.t('outcome.failed', { share, reason: sending.reason });
    return this.t('outcome.waiting');
  }

  protected note(row: AccessionFileView): string {
    if (row.reason && isErrorCode(row.reason.code) && row.outcome === 'refused')
      return sentence(row.reason.code, row.reason.details, this.language.current());
    if (!row.sameBytesAs) return '';
    const title = this.language.text(row.sameBytesAs.title) || this.t('untitled');
    return this.t(row.outcome === 'duplicate' ? 'outcome.duplicate.note' : 'outcome.received.note', { title });
  }

  /** Matches files that were chosen again to the rows that wait, by path (or name) and size. */
  protected async goOn(chosen: readonly { file: File; path: string }[]): Promise<void> {
    const byPath = new Map(chosen.map(({ file, path }) => [`${path}|${file.size}`, file]));
    const byName = new Map(chosen.map(({ file }) => [`${file.name}|${file.size}`, file]));
    let matched = 0;
    let cursor: string | null = null;
    try {
      do {
        const params: Record<string, string | number> = {
          outcome: 'waiting',
          limit: 200,
          ...(cursor ? { cursor } : {}),
        };
        const page = accessionFilePage.parse(
          await firstValueFrom(this.http.get<unknown>(`/api/accessions/${this.id()}/files`, { params })),
        );
        for (const row of page.rows) {
          const file = byPath.get(`${row.path}|${row.bytes}`) ?? byName.get(`${row.name}|${row.bytes}`);
          if (!file) continue;
          matched += 1;
          this.uploads.add(this.id(), row.id, file);
        }
        cursor = page.next;
      } while (cursor);
      if (matched === 0) this.notices.fail(new Error(this.t('accession.again.none')));
    } catch (fault) {
      this.notices.fail(fault);
    }
  }

  protected async cancel(): Promise<void> {
    this.asking.set(false);
    await this.uploads.stop(this.id());
    await this.act('cancel');
  }

  protected async act(act: 'close' | 'cancel'): Promise<void> {
    try {
      this.view.set(
        accessionView.parse(await firstValueFrom(this.http.post<unknown>(`/api/accessions/${this.id()}/${act}`, null))),
      );
      this.first.reload();
    } catch (fault) {
      this.notices.fail(fault);
    }
  }

  /** The list of refused rows as CSV; asked for with the token and handed to the browser as a file. */
  protected async exportRefused(): Promise<void> {
    try {
      const csv = await firstValueFrom(
        this.http.get(`/api/accessions/${this.id()}/refused.csv`, { responseType: 'blob' }),
      );
      const link = document.createElement('a');
      link.href = URL.createObjectURL(csv);
      link.download = `refused-${this.id().slice(0, 8)}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch (fault) {
      this.notices.fail(fault);
    }
  }

  private refresh(): void {
    if (this.view.isLoading()) return;
    this.view.reload();
    if (this.rows().length <= 200) this.first.reload();
  }
}
