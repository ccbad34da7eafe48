import { Directive, input } from '@angular/core';

/** A button that stays down while something holds: how it looks (`on`) and what assistive technology hears are one thing. */
@Directive({
  selector: 'button[albumenPressed]',
  host: { '[class.on]': 'albumenPressed()', '[attr.aria-pressed]': 'albumenPressed()' },
})
export class Pressed {
  readonly albumenPressed = input.required<boolean>();
}
