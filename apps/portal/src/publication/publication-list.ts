import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { itemPage } from '@albumen/contracts';
import { ItemCard } from '../collections/item-card';
import { More, Pages } from '../controls/pages';
import { AsWord } from '../language/as-word';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';

/** What is ready to go out, and what is out. */
@Component({
  selector: 'albumen-publication-list',
  imports: [RouterLink, AsWord, ItemCard, ProblemPanel, More],
  template: `
    <div class="page">
      <h1>{{ t('publications.title') }}</h1>
      <p class="quiet lead">{{ t('publications.lead') }}</p>
      @if (first.error(); as error) {
        <albumen-problem [error]="error" (retry)="first.reload()" />
      }
      @for (group of groups(); track group.state) {
        <h2>{{ t('state.' + group.state | asWord) }} · {{ group.rows.length }}</h2>
        <div class="line">
          @for (item of group.rows; track item.id) {
            <a [routerLink]="['/desk/items', item.id, 'publication']"><albumen-item-card [item]="item" /></a>
          }
        </div>
      } @empty {
        @if (first.isLoading()) {
          <div class="ghost" style="height: 208px" aria-busy="true"></div>
        } @else if (first.hasValue()) {
          <p class="card empty">{{ t('publications.none') }}</p>
        }
      }
      <albumen-more [pages]="list" />
    </div>
  `,
  styles: `
    .lead {
      margin: 2px 0 20px;
    }
    .line {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(168px, 1fr));
      grid-auto-rows: 208px;
      align-items: stretch;
      gap: 12px;
      margin: 8px 0 28px;
    }
    .line a {
      min-height: 0;
      color: inherit;
      text-decoration: none;
      min-width: 0;
      padding: 3px;
      border-radius: 4px;
    }
    .line a:hover {
      background: var(--raised);
    }
    .empty {
      padding: 32px 16px;
      text-align: center;
      color: var(--quiet);
    }
    @media (max-width: 700px) {
      .line {
        grid-template-columns: 1fr 1fr;
      }
    }
  `,
})
export class PublicationList {
  protected readonly t = inject(Language).t;
  protected readonly list = new Pages(
    () => ({ url: '/api/publications' }),
    (raw) => itemPage.parse(raw),
  );
  protected readonly first = this.list.first;
  protected readonly groups = computed(() =>
    (['ready', 'published', 'withdrawn'] as const)
      .map((state) => ({
        state,
        rows: this.list
          .rows()
          .filter((row) =>
            state === 'ready' ? row.state !== 'published' && row.state !== 'withdrawn' : row.state === state,
          ),
      }))
      .filter(({ rows }) => rows.length > 0),
  );
}
