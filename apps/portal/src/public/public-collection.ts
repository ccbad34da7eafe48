import { HttpClient, httpResource } from '@angular/common/http';
import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { Router } from '@angular/router';
import { publicCollections, publicPage, type PublicRow } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { PhotoWall } from './photo-wall';

/** A collection's photographs, or what a search found. */
@Component({
  selector: 'albumen-public-collection',
  imports: [Icon, PhotoWall, ProblemPanel],
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
        @if (next()) {
          <p>
            <button type="button" class="button" [disabled]="loading()" (click)="more()">{{ t('public.more') }}</button>
          </p>
        }
      </section>
    </div>
  `,
  styleUrl: './public-pages.scss',
})
export class PublicCollection {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);
  private readonly notices = inject(Notices);
  readonly id = input<string>();
  readonly q = input('', { transform: (given: string | undefined) => given ?? '' });
  protected readonly loading = signal(false);
  protected readonly collections = httpResource(() => (this.id() ? '/api/public/collections' : undefined), {
    parse: (raw) => publicCollections.parse(raw),
  });
  protected readonly collection = computed(() =>
    this.collections.hasValue() ? this.collections.value().rows.find(({ id }) => id === this.id()) : undefined,
  );
  protected readonly first = httpResource(() => ({ url: '/api/public/photographs', params: this.query() }), {
    parse: (raw) => publicPage.parse(raw),
  });
  protected readonly rows = linkedSignal<readonly PublicRow[]>(() =>
    this.first.hasValue() ? this.first.value().rows : [],
  );
  protected readonly next = linkedSignal(() => (this.first.hasValue() ? this.first.value().next : null));
  protected readonly total = computed(() =>
    this.first.hasValue() ? (this.first.value().total ?? this.first.value().rows.length) : null,
  );

  constructor() {
    inject(Title).setTitle('Albumen');
  }

  protected find(text: string): void {
    void this.router.navigate(['/search'], { queryParams: { q: text.trim() || null } });
  }

  protected async more(): Promise<void> {
    this.loading.set(true);
    try {
      const params = { ...this.query(), cursor: this.next() ?? '' };
      const page = publicPage.parse(
        await firstValueFrom(this.http.get<unknown>('/api/public/photographs', { params })),
      );
      this.rows.update((rows) => [...rows, ...page.rows]);
      this.next.set(page.next);
    } catch (fault) {
      this.notices.fail(fault);
    } finally {
      this.loading.set(false);
    }
  }

  private query(): Record<string, string> {
    const id = this.id();
    const q = this.q();
    return { ...(id ? { collectionId: id } : {}), ...(q ? { q } : {}) };
  }
}
