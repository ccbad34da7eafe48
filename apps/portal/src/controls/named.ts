import { Directive, input } from '@angular/core';

/** The words of a button that shows an icon alone: its name for assistive technology and its tooltip are the same. */
@Directive({
  selector: '[albumenNamed]',
  host: { '[attr.aria-label]': 'albumenNamed()', '[attr.title]': 'albumenNamed()' },
})
export class Named {
  readonly albumenNamed = input.required<string>();
}
