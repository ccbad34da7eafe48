import { Component, computed, inject, input, output } from '@angular/core';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Language } from '../language/language';

/** The word a curator gives to a region, a group of regions or a layer; pressing a given one again takes it back. */
export type AcceptanceWord = 'undecided' | 'accepted' | 'rejected';

/** Accept and refuse, side by side; where the reader may look only, the word that was given. */
@Component({
  selector: 'albumen-acceptance',
  imports: [AsWord, Icon],
  template: `
    @if (active()) {
      @for (choice of choices(); track choice.word) {
        <button
          type="button"
          class="tick"
          [class]="given() === choice.word ? choice.tone : ''"
          [attr.aria-pressed]="given() === choice.word"
          [attr.aria-label]="subject() ? choice.name + ': ' + subject() : choice.name"
          [title]="keys() ? choice.name + ' (' + choice.key + ')' : choice.name"
          (click)="chose.emit(choice.word)"
        >
          <albumen-icon [name]="choice.icon" />
        </button>
      }
    } @else {
      <span class="quiet small">{{ t('desk.' + given() | asWord) }}</span>
    }
  `,
  styleUrl: './acceptance.scss',
})
export class Acceptance {
  protected readonly t = inject(Language).t;
  readonly given = input.required<AcceptanceWord>();
  /** What it is about, for assistive technology; a group of regions and a region that stand beside their name need none. */
  readonly subject = input('');
  readonly group = input(false);
  readonly active = input(true);
  /** True where Y and N decide it. */
  readonly keys = input(false);
  readonly chose = output<'accepted' | 'rejected'>();

  protected readonly choices = computed(
    () =>
      [
        {
          word: 'accepted',
          tone: 'yes',
          icon: 'check',
          key: 'Y',
          name: this.t(this.group() ? 'desk.accept.group' : 'desk.accept'),
        },
        {
          word: 'rejected',
          tone: 'cross',
          icon: 'close',
          key: 'N',
          name: this.t(this.group() ? 'desk.refuse.group' : 'desk.refuse'),
        },
      ] as const,
  );
}
