import { Component, inject, input, output } from '@angular/core';
import type { LocalText } from '@albumen/domain';
import { Language } from '../language/language';

/** A list to choose one code of a table from; each shows its words in the person's language. */
@Component({
  selector: 'select[albumenCodes]',
  template: `
    @for (row of albumenCodes(); track row.code) {
      <option [value]="row.code" [selected]="chosen() === row.code">{{ language.text(row.words) }}</option>
    }
  `,
  host: { class: 'input', '(change)': 'choose($event)' },
})
export class CodeChoice<Code extends string> {
  protected readonly language = inject(Language);
  readonly albumenCodes = input.required<readonly { readonly code: Code; readonly words: LocalText }[]>();
  readonly chosen = input.required<Code>();
  readonly chose = output<Code>();

  protected choose(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    const row = this.albumenCodes().find(({ code }) => code === value);
    if (row) this.chose.emit(row.code);
  }
}
