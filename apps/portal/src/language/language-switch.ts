import { Component, inject } from '@angular/core';
import { Language } from './language';

/** Switches the whole page to the other language at once; the button is styled where it stands. */
@Component({
  selector: 'button[albumenLanguageSwitch]',
  template: `{{ t('language.other') }}`,
  host: { type: 'button', '[attr.aria-label]': "t('language.switch')", '(click)': 'change()' },
})
export class LanguageSwitch {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;

  protected change(): void {
    this.language.choose(this.language.current() === 'en' ? 'vi' : 'en');
  }
}
