import { Component, computed, inject, input } from '@angular/core';
import type { ItemRow } from '@albumen/contracts';
import { Icon } from '../icons/icon';
import type { IconName } from '../icons/icon-paths';
import { AsWord } from '../language/as-word';
import { Language } from '../language/language';

/** Icon and tone of each state, so that colour never stands alone. */
export const stateLooks: Record<ItemRow['state'], { readonly icon: IconName; readonly tone: string }> = {
  processing: { icon: 'hourglass-empty', tone: 'quiet' },
  failed: { icon: 'warning', tone: 'no' },
  untreated: { icon: 'schedule', tone: 'quiet' },
  'no-treatment-needed': { icon: 'check', tone: 'quiet' },
  'to-review': { icon: 'rate-review', tone: 'go' },
  approved: { icon: 'check-circle', tone: 'ok' },
  rejected: { icon: 'block', tone: 'no' },
  ready: { icon: 'fact-check', tone: 'ok' },
  published: { icon: 'public', tone: 'ok' },
  withdrawn: { icon: 'undo', tone: 'warn' },
};

/** A state as icon and word. */
@Component({
  selector: 'albumen-state',
  imports: [Icon, AsWord],
  template: `<span [class]="look().tone"
    ><albumen-icon [name]="look().icon" />{{ t('state.' + state() | asWord) }}</span
  >`,
  styles: `
    span {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      font-size: 12px;
    }
  `,
})
export class StateWord {
  protected readonly t = inject(Language).t;
  readonly state = input.required<ItemRow['state']>();
  protected readonly look = computed(() => stateLooks[this.state()]);
}

/** One item of a grid: the picture in reserved space, its title, its state. */
@Component({
  selector: 'albumen-item-card',
  imports: [StateWord, Icon],
  template: `
    <div class="frame">
      @if (item().thumbnail; as picture) {
        <img
          [src]="picture.url"
          [width]="picture.width"
          [height]="picture.height"
          alt=""
          loading="lazy"
          decoding="async"
        />
      } @else {
        <albumen-icon name="image" />
      }
    </div>
    <div class="title" [class.quiet]="!title()">{{ title() || item().fileName }}</div>
    @if (withState()) {
      <albumen-state [state]="item().state" />
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template: minmax(0, 1fr) auto auto / minmax(0, 1fr);
      gap: 2px;
      height: 100%;
      min-width: 0;
    }
    .frame {
      display: grid;
      grid-template: minmax(0, 1fr) / minmax(0, 1fr);
      place-items: center;
      min-height: 0;
      background: var(--raised);
      color: var(--quiet);
    }
    img {
      max-width: 100%;
      max-height: 100%;
      width: auto;
      height: auto;
      min-height: 0;
      object-fit: contain;
      display: block;
    }
    .title {
      white-space: nowrap;
      text-overflow: ellipsis;
      overflow-x: clip;
      font-size: 13px;
      line-height: 1.5;
    }
  `,
})
export class ItemCard {
  private readonly language = inject(Language);
  readonly item = input.required<ItemRow>();
  readonly withState = input(true);
  protected readonly title = computed(() => this.language.text(this.item().title));
}
