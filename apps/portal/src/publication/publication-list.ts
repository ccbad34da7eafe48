import { HttpClient, httpResource } from '@angular/common/http';
import { Component, computed, inject, linkedSignal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { itemPage, type ItemRow } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { ItemCard } from '../collections/item-card';
import { AsWord } from '../language/as-word';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';

/** What is ready to go out, and what is out. */
@Component({
  selector: 'albumen-publication-list',
  imports: [RouterLink, AsWord, ItemCard, ProblemPanel],
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
      @if (next()) {
        <button type="button" class="button" (click)="more()">{{ t('more') }}</button>
      }
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
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);
  protected readonly first = httpResource(() => '/api/publications', { parse: (raw) => itemPage.parse(raw) });
  protected readonly rows = linkedSignal<readonly ItemRow[]>(() =>
    this.first.hasValue() ? this.first.value().rows : [],
  );
  protected readonly next = linkedSignal(() => (this.first.hasValue() ? this.first.value().next : null));
  protected readonly groups = computed(() =>
    (['ready', 'published', 'withdrawn'] as const)
      .map((state) => ({
        state,
        rows: this.rows().filter((row) =>
          state === 'ready' ? row.state !== 'published' && row.state !== 'withdrawn' : row.state === state,
        ),
      }))
      .filter(({ rows }) => rows.length > 0),
  );

  protected async more(): Promise<void> {
    try {
      const page = itemPage.parse(
        await firstValueFrom(this.http.get<unknown>('/api/publications', { params: { cursor: this.next() ?? '' } })),
      );
      this.rows.update((rows) => [...rows, ...page.rows]);
      this.next.set(page.next);
    } catch (fault) {
      this.notices.fail(fault);
    }
  }
}
