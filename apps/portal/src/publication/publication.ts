import { HttpClient, httpResource } from '@angular/common/http';
import { Component, DestroyRef, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { publicationRuleWords, type PublicationRule } from '@albumen/domain';
import { itemView, publicationCheck, type PublicationCheck } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Icon } from '../icons/icon';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';

interface Manifest {
  readonly items?: readonly unknown[];
  readonly label?: Readonly<Record<string, readonly string[]>>;
}

/** What goes out, and may it? Rules, the manifest as it would be, releases, publish and withdraw. */
@Component({
  selector: 'albumen-publication',
  imports: [RouterLink, Icon, ProblemPanel],
  templateUrl: './publication.html',
  styleUrl: './publication.scss',
})
export class Publication {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);

  readonly id = input.required<string>();
  protected readonly checked = httpResource(() => `/api/items/${this.id()}/publication`, {
    parse: (raw) => publicationCheck.parse(raw),
  });
  protected readonly check = linkedSignal<PublicationCheck | undefined>(() =>
    this.checked.hasValue() ? this.checked.value() : undefined,
  );
  protected readonly itemResource = httpResource(() => `/api/items/${this.id()}`, {
    parse: (raw) => itemView.parse(raw),
  });
  protected readonly item = computed(() => (this.itemResource.hasValue() ? this.itemResource.value() : undefined));
  protected readonly ruleWords = publicationRuleWords;
  protected readonly busy = signal(false);
  protected readonly withdrawing = signal(false);
  protected readonly reason = signal('');
  protected readonly manifestText = computed(() => JSON.stringify(this.check()?.preview, null, 2));
  protected readonly canvases = computed(() => ((this.check()?.preview as Manifest | null)?.items ?? []).length);
  protected readonly standing = computed(() => this.check()?.releases.find(({ withdrawnAt }) => withdrawnAt === null));
  protected readonly title = computed(() => {
    const item = this.item();
    return item
      ? this.language.text(item.description.body.title) || item.originals[0]?.fileName || this.t('untitled')
      : '';
  });
  protected readonly reviewId = computed(
    () =>
      this.item()
        ?.originals.flatMap(({ restorations }) => restorations)
        .find(({ status }) => status === 'proposed')?.reviewId ?? null,
  );

  constructor() {
    // What is approved is composed in the background: the rule turns green by itself.
    const timer = setInterval(() => {
      const composing = this.check()?.rules.some(({ rule, met }) => rule === 'composite-ready' && !met);
      if (composing && document.visibilityState === 'visible') this.checked.reload();
    }, 3000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected words(rule: PublicationRule): string {
    return this.language.text(publicationRuleWords[rule]);
  }

  protected async publish(): Promise<void> {
    await this.act(async () => {
      const check = publicationCheck.parse(
        await firstValueFrom(this.http.post<unknown>(`/api/items/${this.id()}/publications`, null)),
      );
      this.check.set(check);
      const number = Math.max(0, ...check.releases.map((release) => release.number));
      this.notices.say(`Published as release ${number}.`, `Đã công bố bản số ${number}.`);
    });
  }

  protected async withdraw(): Promise<void> {
    await this.act(async () => {
      const body = { reason: this.reason().trim() };
      this.check.set(
        publicationCheck.parse(
          await firstValueFrom(this.http.post<unknown>(`/api/items/${this.id()}/withdrawal`, body)),
        ),
      );
      this.withdrawing.set(false);
      this.reason.set('');
    });
  }

  private async act(act: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    try {
      await act();
      this.itemResource.reload();
    } catch (fault) {
      this.notices.fail(fault);
    } finally {
      this.busy.set(false);
    }
  }
}
