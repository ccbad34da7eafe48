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

/** Searches every collection at once and shows what is found, collection by collection. */
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
        @if (looking()) {
          {{ t('search.looking') }}
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
  protected readonly looking = signal(false);
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
    this.looking.set(true);
    try {
      const [list, page] = await Promise.all([
        firstValueFrom(this.http.get<unknown>('/api/collections')).then((raw) => collectionList.parse(raw)),
        firstValueFrom(this.http.get<unknown>('/api/items', { params: { q } })).then((raw) => itemPage.parse(raw)),
      ]);
      if (run !== this.run) return;
      const byCollection = Map.groupBy(page.rows, ({ collectionId }) => collectionId);
      this.found.set(
        list.rows.flatMap((collection) => {
          const rows = byCollection.get(collection.id);
          return rows ? [{ collection, rows }] : [];
        }),
      );
    } catch (fault) {
      if (run === this.run) this.fault.set(fault);
    } finally {
      if (run === this.run) this.looking.set(false);
    }
  }
}
