import { HttpClient } from '@angular/common/http';
import { Injectable, inject, signal } from '@angular/core';
import { deskView, reviewPage, type DeskView, type ReviewRow } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';

const freshFor = 45_000;

/**
 * The queue one person works through: read once, its order kept while they work, desk views read ahead. Nothing here
 * outlives the tab.
 */
@Injectable({ providedIn: 'root' })
export class QueueState {
  private readonly http = inject(HttpClient);
  readonly rows = signal<readonly ReviewRow[]>([]);
  readonly collectionId = signal('');
  private cursor: string | null = null;
  private loaded: Promise<void> | undefined;
  private readonly views = new Map<string, { at: number; view: Promise<DeskView> }>();
  private readonly decidedAt: number[] = [];

  /** Reads the open reviews of a collection ('' for all) from the start; the same one is read again only with `again`. */
  load(collectionId: string, again = false): Promise<void> {
    if (!this.loaded || again || collectionId !== this.collectionId()) {
      this.collectionId.set(collectionId);
      this.cursor = null;
      this.loaded = this.page(true).catch((fault: unknown) => {
        this.loaded = undefined;
        throw fault;
      });
    }
    return this.loaded;
  }

  /** Reads on where the list ends; answers false at the end. */
  async more(): Promise<boolean> {
    if (!this.cursor) return false;
    await this.page(false);
    return true;
  }

  hasMore(): boolean {
    return this.cursor !== null;
  }

  /** The desk of a review, from what was read ahead where that is fresh. */
  view(id: string): Promise<DeskView> {
    const known = this.views.get(id);
    if (known && Date.now() - known.at < freshFor) return known.view;
    const view = firstValueFrom(this.http.get<unknown>(`/api/reviews/${id}`)).then((raw) => deskView.parse(raw));
    this.views.set(id, { at: Date.now(), view });
    view.catch(() => this.views.delete(id));
    return view;
  }

  /** What was read is out of date: the next `view` asks again. */
  forget(id: string): void {
    this.views.delete(id);
  }

  replace(row: ReviewRow): void {
    this.rows.update((rows) => rows.map((old) => (old.id === row.id ? row : old)));
  }

  /** The neighbour in the kept order; with `openOnly` the next one that still waits. */
  neighbour(id: string, step: 1 | -1, openOnly: boolean): string | null {
    const rows = this.rows();
    const place = rows.findIndex((row) => row.id === id);
    if (place < 0) return null;
    for (let at = place + step; at >= 0 && at < rows.length; at += step) {
      const row = rows[at];
      if (row && (!openOnly || row.state === 'open')) return row.id;
    }
    return null;
  }

  noteDecision(): void {
    this.decidedAt.push(Date.now());
  }

  /** Seconds that the open rest will take at the pace of the last decisions, or null before three of them. */
  secondsLeft(open: number): number | null {
    const last = this.decidedAt.slice(-12);
    const first = last[0];
    if (first === undefined || last.length < 3) return null;
    return (((last.at(-1) ?? first) - first) / (last.length - 1) / 1000) * open;
  }

  private async page(first: boolean): Promise<void> {
    const params: Record<string, string | number> = {
      state: 'open',
      limit: 100,
      ...(this.collectionId() ? { collectionId: this.collectionId() } : {}),
      ...(this.cursor ? { cursor: this.cursor } : {}),
    };
    const page = reviewPage.parse(await firstValueFrom(this.http.get<unknown>('/api/reviews', { params })));
    this.rows.update((rows) => (first ? page.rows : [...rows, ...page.rows]));
    this.cursor = page.next;
  }
}
