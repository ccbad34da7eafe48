import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Language } from '../language/language';

/** Nothing is at this address: says so and where to go. */
@Component({
  selector: 'albumen-not-found',
  imports: [RouterLink],
  template: `
    <div class="column reading">
      <h1>{{ t('notFound.title') }}</h1>
      <p class="lede">{{ t('notFound.text') }}</p>
      <p class="lede">
        <a routerLink="/">{{ t('notFound.home') }}</a> · <a routerLink="/search">{{ t('public.search') }}</a>
      </p>
    </div>
  `,
  styleUrl: './public-pages.scss',
})
export class NotFound {
  protected readonly t = inject(Language).t;
}
