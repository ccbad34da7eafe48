import { Component, computed, input } from '@angular/core';
import { iconPaths, type IconName } from './icon-paths';

/** A Material Symbol, drawn inline in the colour of the text. Always decorative: the words stand beside it. */
@Component({
  selector: 'albumen-icon',
  template: `<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path [attr.d]="path()" fill="currentColor" />
  </svg>`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
      width: 1.25em;
      height: 1.25em;
      vertical-align: -0.28em;
    }
    svg {
      width: 100%;
      height: 100%;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  protected readonly path = computed(() => iconPaths[this.name()]);
}
