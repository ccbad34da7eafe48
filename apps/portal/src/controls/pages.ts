import { HttpClient, httpResource, type HttpResourceRef } from '@angular/common/http';
import { Component, inject, input, linkedSignal, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';

/** A page of rows as the server answers it; `next` is the place where the following page begins. */
interface Page {
  readonly rows: readonly unknown[];
  readonly next: string | null;
}
type RowOf<P extends Page> = P['rows'][number];

/** Where pages are asked for, without the cursor. */
export interface PageAddress {
  readonly url: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/**
 * Rows that come page by page: the first with the screen, the following when the reader asks. A page that could not be read
 * is told, and the rows that are there stay. Made where Angular injects (a field of a component).
 */
export class Pages<P extends Page> {
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);
  readonly loading = signal(false);
  readonly first: HttpResourceRef<P | undefined>;
  readonly rows = linkedSignal<readonly RowOf<P>[] | undefined, readonly RowOf<P>[]>({
    source: () => (this.first.hasValue() ? this.first.value().rows : undefined),
    computation: (fresh, previous) => fresh ?? (this.keeps ? previous?.value : undefined) ?? [],
  });
  readonly next = linkedSignal(() => (this.first.hasValue() ? this.first.value().next : null));

  /** With `keeps` the old rows stay in sight until those of another address are there. */
  constructor(
    private readonly address: () => PageAddress,
    private readonly parse: (raw: unknown) => P,
    private readonly keeps = false,
  ) {
    this.first = httpResource(address, { parse });
  }

  /** Reads the following page; one that comes after the address has changed is not of this list and is dropped. */
  async more(): Promise<void> {
    const cursor = this.next();
    if (cursor === null || this.loading()) return;
    const { url, params } = this.address();
    this.loading.set(true);
    try {
      const page = this.parse(await firstValueFrom(this.http.get<unknown>(url, { params: { ...params, cursor } })));
      if (this.next() !== cursor) return;
      this.rows.update((rows) => [...rows, ...page.rows]);
      this.next.set(page.next);
    } catch (fault) {
      this.notices.fail(fault);
    } finally {
      this.loading.set(false);
    }
  }
}

/** The button below a list that goes on. */
@Component({
  selector: 'albumen-more',
  template: `
    @if (pages().next()) {
      <button type="button" class="button" [disabled]="pages().loading()" (click)="pages().more()">
        {{ words() || t('more') }}
      </button>
    }
  `,
})
export class More<P extends Page> {
  protected readonly t = inject(Language).t;
  readonly pages = input.required<Pages<P>>();
  readonly words = input('');
}
