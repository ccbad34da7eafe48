import { Component, ElementRef, effect, inject, input, viewChildren } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ReviewRow } from '@albumen/contracts';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Language } from '../language/language';

/** The queue as a strip of pictures; the state stands in a corner as a sign and, for those who listen, a word. */
@Component({
  selector: 'albumen-filmstrip',
  imports: [RouterLink, AsWord, Icon],
  template: `
    @for (row of rows(); track row.id) {
      <a
        #frame
        [routerLink]="['/desk/reviews', row.id]"
        [class.on]="row.id === current()"
        [attr.aria-current]="row.id === current() ? 'true' : null"
        [attr.aria-label]="(language.text(row.title) || row.fileName) + ', ' + t('reviews.state.' + row.state | asWord)"
      >
        @if (row.thumbnail; as picture) {
          <img [src]="picture.url" alt="" loading="lazy" />
        }
        @if (row.state !== 'open') {
          <span [class]="row.state === 'approved' ? 'ok' : row.state === 'rejected' ? 'no' : 'warn'">
            <albumen-icon [name]="row.state === 'approved' ? 'check' : row.state === 'rejected' ? 'close' : 'replay'" />
          </span>
        } @else if (!row.mayDecide || (row.claim && !row.claim.mine)) {
          <span><albumen-icon name="lock" /></span>
        }
      </a>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 8px;
      padding: 8px;
      overflow-y: auto;
      scrollbar-width: thin;
    }
    a {
      position: relative;
      display: block;
      width: 100%;
      aspect-ratio: 1;
      flex: none;
      background: var(--raised);
      opacity: 0.8;
    }
    a.on {
      opacity: 1;
      outline: 2px solid var(--accent);
      outline-offset: 2px;
    }
    a:hover {
      opacity: 1;
    }
    img {
      width: 100%;
      height: 100%;
      object-fit: cover;
      display: block;
    }
    span {
      position: absolute;
      right: 3px;
      bottom: 3px;
      display: grid;
      place-items: center;
      width: 20px;
      height: 20px;
      border-radius: 10px;
      background: var(--page);
      font-size: 12px;
    }
  `,
})
export class Filmstrip {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  readonly rows = input.required<readonly ReviewRow[]>();
  readonly current = input.required<string>();
  private readonly frames = viewChildren<ElementRef<HTMLElement>>('frame');

  constructor() {
    effect(() => {
      const place = this.rows().findIndex(({ id }) => id === this.current());
      this.frames()[place]?.nativeElement.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
  }
}
