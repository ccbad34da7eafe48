import { HttpClient } from '@angular/common/http';
import { Component, effect, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { collectionList, itemPage, type CollectionView, type ItemRow } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { ItemCard } from './item-card';

interface Found {
  readonly collection: CollectionView;
  readonly rows: readonly ItemRow[];
}

/** Searches every collection that holds items, one after the other, and shows what is found as it comes. */
@Component({
  selector: 'albumen-desk-search',
  imports: [RouterLink, ItemCard, ProblemPanel],
  template: `
    <div class="page">
      <h1>{{ q() ? t('search.of', { q: q() }) : t('search.title') }}</h1>
      <form class="row" role="search" (submit)="$event.preventDefault(); go(box.value)">
        <input
          #box
          class="input"
          type="search"
          [value]="q()"
          [placeholder]="t('search.desk')"
          [attr.aria-label]="t('search.desk')"
        />
        <button type="submit" class="button">{{ t('search.title') }}</button>
      </form>
      <p class="quiet lead" role="status">
        @if (looking(); as state) {
          {{ t('search.looking', { done: state.done, total: state.total }) }}
        } @else if (!found().length && q() && !fault()) {
          {{ t('search.none', { q: q() }) }}
        }
      </p>
      @if (fault(); as error) {
        <albumen-problem [error]="error" (retry)="search(q())" />
      }
      @for (group of found(); track group.collection.id) {
        <section>
          <h2>
            <a [routerLink]="['/desk/collections', group.collection.id]">{{ language.text(group.collection.title) }}</a>
          </h2>
          <div class="line">
            @for (item of group.rows; track item.id) {
              <a [routerLink]="['/desk/items', item.id]"><albumen-item-card [item]="item" /></a>
            }
          </div>
        </section>
      }
    </div>
  `,
  styles: `
    form {
      max-width: 560px;
      margin-top: 10px;
      flex-wrap: nowrap;
    }
    .lead {
      min-height: 24px;
      margin-bottom: 12px;
    }
    section {
      margin-bottom: 24px;
    }
    .line {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(160px, 1fr));
      grid-auto-rows: 208px;
      align-items: stretch;
      gap: 12px;
      margin-top: 8px;
    }
    .line a {
      min-height: 0;
      color: inherit;
      text-decoration: none;
      min-width: 0;
    }
  `,
})
export class DeskSearch {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly http = inject(HttpClient);
  readonly q = input('', { transform: (given: string | undefined) => given ?? '' });
  protected readonly found = signal<readonly Found[]>([]);
  protected readonly looking = signal<{ done: number; total: number } | null>(null);
  protected readonly fault = signal<unknown>(null);
  private readonly router = inject(Router);
  private run = 0;

  constructor() {
    effect(() => void this.search(this.q()));
  }

  protected go(q: string): void {
    void this.router.navigate([], { queryParams: { q: q.trim() || null } });
  }

  protected async search(q: string): Promise<void> {
    this.run += 1;
    const run = this.run;
    this.found.set([]);
    this.fault.set(null);
    if (!q) return;
    try {
      const list = collectionList.parse(await firstValueFrom(this.http.get<unknown>('/api/collections')));
      const full = list.rows.filter(({ counts }) => counts.items > 0);
      for (const [done, collection] of full.entries()) {
        if (run !== this.run) return;
        this.looking.set({ done, total: full.length });
        const page = itemPage.parse(
          await firstValueFrom(
            this.http.get<unknown>(`/api/collections/${collection.id}/items`, { params: { q, limit: 24 } }),
          ),
        );
        if (run === this.run && page.rows.length)
          this.found.update((found) => [...found, { collection, rows: page.rows }]);
      }
    } catch (fault) {
      if (run === this.run) this.fault.set(fault);
    } finally {
      if (run === this.run) this.looking.set(null);
    }
  }
}
