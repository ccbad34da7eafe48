import { httpResource } from '@angular/common/http';
import { Component, computed, inject, input } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { Router } from '@angular/router';
import { publicCollections, publicPage } from '@albumen/contracts';
import { More, Pages } from '../controls/pages';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { PhotoWall } from './photo-wall';

/** A collection's photographs, or what a search found. */
@Component({
  selector: 'albumen-public-collection',
  imports: [Icon, PhotoWall, ProblemPanel, More],
  template: `
    <div class="column">
      @if (id()) {
        <h1>{{ collection() ? language.text(collection()!.title) : '' }}</h1>
        @if (collection(); as it) {
          @if (language.text(it.description); as about) {
            <p class="lede">{{ about }}</p>
          }
          <p class="quiet">{{ t('public.count', { n: it.count }) }}</p>
        }
      } @else {
        <h1>{{ t('public.search') }}</h1>
        <form role="search" (submit)="$event.preventDefault(); find(box.value)">
          <albumen-icon name="search" />
          <input
            #box
            type="search"
            [value]="q()"
            [placeholder]="t('public.home.find')"
            [attr.aria-label]="t('public.search')"
          />
          <button type="submit" class="button primary">{{ t('public.search') }}</button>
        </form>
        <p class="quiet" role="status">
          {{ q() && total() !== null ? t('public.search.found', { n: total(), q: q() }) : t('public.search.lead') }}
        </p>
      }
      @if (first.error(); as error) {
        <albumen-problem [error]="error" (retry)="first.reload()" />
      }
      <section>
        @if (rows().length) {
          <albumen-photo-wall [rows]="rows()" />
        } @else if (first.isLoading()) {
          <div class="ghost wall" aria-busy="true"></div>
        } @else if (id() && first.hasValue()) {
          <p class="quiet">{{ t('public.collection.none') }}</p>
        }
        <p><albumen-more [pages]="list" [words]="t('public.more')" /></p>
      </section>
    </div>
  `,
  styleUrl: './public-pages.scss',
})
export class PublicCollection {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly router = inject(Router);
  readonly id = input<string>();
  readonly q = input('', { transform: (given: string | undefined) => given ?? '' });
  protected readonly collections = httpResource(() => (this.id() ? '/api/public/collections' : undefined), {
    parse: (raw) => publicCollections.parse(raw),
  });
  protected readonly collection = computed(() =>
    this.collections.hasValue() ? this.collections.value().rows.find(({ id }) => id === this.id()) : undefined,
  );
  protected readonly list = new Pages(
    () => ({ url: '/api/public/photographs', params: this.query() }),
    (raw) => publicPage.parse(raw),
  );
  protected readonly first = this.list.first;
  protected readonly rows = this.list.rows;
  protected readonly total = computed(() =>
    this.first.hasValue() ? (this.first.value().total ?? this.first.value().rows.length) : null,
  );

  constructor() {
    inject(Title).setTitle('Albumen');
  }

  protected find(text: string): void {
    void this.router.navigate(['/search'], { queryParams: { q: text.trim() || null } });
  }

  private query(): Record<string, string> {
    const id = this.id();
    const q = this.q();
    return { ...(id ? { collectionId: id } : {}), ...(q ? { q } : {}) };
  }
}
