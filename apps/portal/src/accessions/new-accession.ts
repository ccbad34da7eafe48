import { HttpClient, httpResource } from '@angular/common/http';
import { Component, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { collectionList, collectionView, plannedAccession } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { inTreeOrder } from '../collections/tree-order';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';
import { lookAt, type ChosenFile } from './chosen-files';
import { FileChooser } from './file-chooser';
import { Uploads } from './uploads';

/** Collection, files, plan: nothing is sent before the plan is written on the server, a row per file. */
@Component({
  selector: 'albumen-new-accession',
  imports: [AsWord, Icon, FileChooser, ProblemPanel],
  templateUrl: './new-accession.html',
  styleUrl: './new-accession.scss',
})
export class NewAccession {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);
  private readonly uploads = inject(Uploads);
  private readonly notices = inject(Notices);

  protected readonly collections = httpResource(() => '/api/collections', {
    parse: (raw) => collectionList.parse(raw),
  });
  protected readonly tree = computed(() =>
    this.collections.hasValue() ? inTreeOrder(this.collections.value().rows) : [],
  );
  protected readonly collectionId = signal('');
  protected readonly newTitle = signal('');
  protected readonly note = signal('');
  protected readonly files = signal<readonly ChosenFile[]>([]);
  protected readonly looking = signal<{ done: number; total: number } | null>(null);
  protected readonly starting = signal(false);
  protected readonly fault = signal<unknown>(null);
  private readonly key = crypto.randomUUID();

  protected readonly bytes = computed(() => this.files().reduce((sum, { file }) => sum + file.size, 0));
  protected readonly doubtful = computed(() => this.files().filter(({ doubt }) => doubt !== null));
  protected readonly kinds = computed(() => {
    const counts = new Map<string, number>();
    for (const { kind } of this.files())
      if (kind) counts.set(kind.toUpperCase(), (counts.get(kind.toUpperCase()) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]);
  });
  protected readonly placed = computed(() =>
    this.collectionId() === 'new' ? this.newTitle().trim() !== '' : this.collectionId() !== '',
  );

  protected async take(chosen: readonly { file: File; path: string }[]): Promise<void> {
    const known = new Set(this.files().map(({ path }) => path));
    const fresh = chosen.filter(({ path }) => !known.has(path));
    this.looking.set({ done: 0, total: fresh.length });
    const seen: ChosenFile[] = [];
    for (let start = 0; start < fresh.length; start += 32) {
      seen.push(...(await Promise.all(fresh.slice(start, start + 32).map(({ file, path }) => lookAt(file, path)))));
      this.looking.set({ done: seen.length, total: fresh.length });
    }
    this.files.update((files) => [...files, ...seen]);
    this.looking.set(null);
  }

  protected leaveOut(): void {
    this.files.update((files) => files.filter(({ doubt }) => doubt === null));
  }

  protected async start(): Promise<void> {
    this.starting.set(true);
    this.fault.set(null);
    try {
      const collectionId = this.collectionId() === 'new' ? await this.createCollection() : this.collectionId();
      const body = {
        collectionId,
        note: this.note().trim(),
        files: this.files().map(({ file, path }) => ({ name: file.name, path, bytes: file.size })),
      };
      const planned = plannedAccession.parse(
        await firstValueFrom(
          this.http.post<unknown>('/api/accessions', body, { headers: { 'Idempotency-Key': this.key } }),
        ),
      );
      const byPath = new Map(this.files().map(({ file, path }) => [path, file]));
      for (const row of planned.files) {
        const file = byPath.get(row.path);
        if (file && row.outcome === 'waiting') this.uploads.add(planned.accession.id, row.id, file);
      }
      await this.router.navigate(['/desk/accessions', planned.accession.id]);
    } catch (fault) {
      this.fault.set(fault);
      this.starting.set(false);
    }
  }

  private async createCollection(): Promise<string> {
    const title = { [this.language.current()]: this.newTitle().trim() };
    const created = collectionView.parse(await firstValueFrom(this.http.post<unknown>('/api/collections', { title })));
    this.collections.reload();
    this.collectionId.set(created.id);
    this.notices.say('The collection was made.', 'Đã tạo bộ sưu tập.');
    return created.id;
  }
}
