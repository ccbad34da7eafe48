import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { PublicRow } from '@albumen/contracts';
import { Language } from '../language/language';

/** Photographs in rows of their own proportions; space is reserved before the pictures arrive. */
@Component({
  selector: 'albumen-photo-wall',
  imports: [RouterLink],
  template: `
    @for (row of rows(); track row.id) {
      <a [routerLink]="['/photographs', row.id]" [style.--ratio]="row.thumbnail.width / row.thumbnail.height">
        <span class="frame"
          ><img
            [src]="row.thumbnail.url"
            [width]="row.thumbnail.width"
            [height]="row.thumbnail.height"
            alt=""
            loading="lazy"
            decoding="async"
        /></span>
        <span class="title">{{ language.text(row.title) || language.t('untitled') }}</span>
        <span class="when"
          >{{ row.dateAsWritten }}{{ row.dateAsWritten && row.restored ? ' · ' : ''
          }}{{ row.restored ? language.t('public.restoredMark') : '' }}</span
        >
      </a>
    }
    <i></i>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      gap: 28px 20px;
    }
    a {
      flex: calc(var(--ratio) * 1) 1 calc(var(--ratio) * 220px);
      max-width: calc(var(--ratio) * 330px);
      min-width: 140px;
      display: grid;
      align-content: start;
      color: inherit;
      text-decoration: none;
    }
    .frame {
      display: block;
      aspect-ratio: var(--ratio);
      background: light-dark(#dcdcdc, #2c2c2c);
    }
    img {
      display: block;
      width: 100%;
      height: 100%;
      object-fit: cover;
    }
    .title {
      margin-top: 8px;
      font: 500 16px/1.45 var(--read);
    }
    a:hover .title {
      text-decoration: underline;
      text-underline-offset: 3px;
    }
    .when {
      font: 400 13px/1.5 var(--ui);
      color: var(--ink-quiet);
    }
    i {
      flex: 10 1 0;
    }
    @media (max-width: 700px) {
      :host {
        gap: 20px 12px;
      }
      a {
        flex-basis: calc(var(--ratio) * 140px);
      }
    }
  `,
})
export class PhotoWall {
  protected readonly language = inject(Language);
  readonly rows = input.required<readonly PublicRow[]>();
}
