import { httpResource } from '@angular/common/http';
import { Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { treatmentLevelWords } from '@albumen/domain';
import { collectionList } from '@albumen/contracts';
import { Icon } from '../icons/icon';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';
import { CollectionForm } from './collection-form';
import { inTreeOrder } from './tree-order';

/** Fonds, series and albums as a tree with what is in each. */
@Component({
  selector: 'albumen-collection-tree',
  imports: [RouterLink, Icon, ProblemPanel, CollectionForm],
  template: `
    <div class="page">
      <div class="row head">
        <h1 class="grow">{{ t('collections.title') }}</h1>
        @if (session.may('collection.edit') && !adding()) {
          <button type="button" class="button primary" (click)="adding.set(true)">
            <albumen-icon name="add" />{{ t('collections.new') }}
          </button>
        }
      </div>
      @if (adding()) {
        <albumen-collection-form [others]="rows()" (saved)="created($event.id)" (closed)="adding.set(false)" />
      }
      @if (list.error(); as error) {
        <albumen-problem [error]="error" (retry)="list.reload()" />
      }
      @if (list.hasValue()) {
        @if (placed().length) {
          <ul class="card tree">
            @for (row of placed(); track row.collection.id) {
              <li [style.padding-left.px]="16 + row.depth * 28">
                <a class="grow" [routerLink]="['/desk/collections', row.collection.id]">
                  <albumen-icon [name]="row.depth === 0 ? 'inventory-2' : 'folder'" />
                  <span
                    ><strong>{{ language.text(row.collection.title) || t('untitled') }}</strong>
                    @if (row.collection.referenceCode) {
                      <span class="quiet mono">{{ row.collection.referenceCode }}</span>
                    }
                  </span>
                </a>
                <span class="figures quiet">
                  <span class="level">{{ levelWord(row.collection.treatmentLevel) }}</span>
                  @if (row.collection.counts.failed) {
                    <span class="no">{{ t('collection.failed', { n: row.collection.counts.failed }) }}</span>
                  }
                  @if (row.collection.counts.openReviews) {
                    <span class="go">{{ t('collection.open', { n: row.collection.counts.openReviews }) }}</span>
                  }
                  @if (row.collection.counts.published) {
                    <span>{{ t('collection.published', { n: row.collection.counts.published }) }}</span>
                  }
                  <span class="items">{{ t('collection.items', { n: row.collection.counts.items }) }}</span>
                </span>
              </li>
            }
          </ul>
        } @else {
          <p class="card empty">{{ t('collections.none') }}</p>
        }
      } @else if (list.isLoading()) {
        <div class="card ghost" style="height: 240px" aria-busy="true"></div>
      }
    </div>
  `,
  styles: `
    .head {
      margin-bottom: 16px;
    }
    .tree {
      list-style: none;
      margin: 0;
      padding: 0;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 16px;
      padding: 8px 16px;
      min-height: 48px;
      border-bottom: 1px solid var(--line);
    }
    li:last-child {
      border-bottom: 0;
    }
    a {
      display: flex;
      align-items: center;
      gap: 10px;
      color: inherit;
      text-decoration: none;
    }
    a:hover strong {
      text-decoration: underline;
    }
    .figures {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 16px;
      font-size: 13px;
    }
    .items {
      min-width: 72px;
      text-align: right;
    }
    .empty {
      padding: 32px 16px;
      text-align: center;
      color: var(--quiet);
    }
  `,
})
export class CollectionTree {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  private readonly router = inject(Router);
  protected readonly adding = signal(false);
  protected readonly list = httpResource(() => '/api/collections', { parse: (raw) => collectionList.parse(raw) });
  protected readonly rows = computed(() => (this.list.hasValue() ? this.list.value().rows : []));
  protected readonly placed = computed(() => inTreeOrder(this.rows()));

  protected levelWord(level: 0 | 1 | 2 | 3): string {
    return this.language.text(treatmentLevelWords[level]);
  }

  protected created(id: string): void {
    void this.router.navigate(['/desk/collections', id]);
  }
}
