import { Component, input } from '@angular/core';

/** A list of facts, each a term with what is known of it; `albumenFact` rows stand in it. */
@Component({
  selector: 'dl[albumenFacts]',
  template: `<ng-content />`,
  styles: `
    :host {
      display: grid;
      margin: 0;
    }
    :host(.stacked) {
      gap: 14px;
    }
  `,
  host: { '[class.stacked]': 'stacked()' },
})
export class Facts {
  /** True where each term stands above its words, without lines between: reading text, not a desk's table. */
  readonly stacked = input(false);
}

/** One fact. The width of the terms is the list's: `--fact-terms`. */
@Component({
  selector: 'div[albumenFact]',
  template: `
    <dt>{{ albumenFact() }}</dt>
    <dd [class.mono]="mono()"><ng-content /></dd>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: var(--fact-terms, minmax(96px, 0.6fr)) 2fr;
      gap: 8px;
      padding: 5px 0;
      border-bottom: 1px solid var(--line);
    }
    :host-context(.stacked) {
      display: block;
      padding: 0;
      border-bottom: 0;
    }
    dt {
      color: var(--quiet);
      font-weight: 400;
    }
    :host-context(.stacked) dt {
      color: var(--ink-quiet);
      font-size: 13px;
    }
    dd {
      margin: 0;
      overflow-wrap: anywhere;
    }
    :host-context(.stacked) dd {
      overflow-wrap: normal;
    }
  `,
})
export class Fact {
  /** The term. */
  readonly albumenFact = input.required<string>();
  /** True for digests and keys. */
  readonly mono = input(false);
}
