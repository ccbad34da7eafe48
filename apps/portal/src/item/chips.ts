import { Component, inject, input, output, signal } from '@angular/core';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';

/** A list of names: each can be removed, Enter adds one; Enter that ends a composition (Telex, VNI) adds nothing. */
@Component({
  selector: 'albumen-chips',
  imports: [Icon],
  template: `
    <div class="box input" [class.off]="disabled()">
      @for (name of names(); track $index) {
        <span class="chip"
          >{{ name }}
          @if (!disabled()) {
            <button type="button" [attr.aria-label]="t('field.remove', { name })" (click)="remove($index)">
              <albumen-icon name="close" />
            </button>
          }
        </span>
      }
      @if (!disabled()) {
        <input
          [attr.aria-label]="label()"
          [placeholder]="t('field.add')"
          [value]="text()"
          (input)="text.set($any($event.target).value)"
          (keydown)="key($event)"
          (blur)="add()"
        />
      }
    </div>
  `,
  styles: `
    .box {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      padding: 4px 6px;
    }
    .chip {
      display: inline-flex;
      align-items: center;
      gap: 2px;
      padding: 1px 2px 1px 8px;
      border-radius: 4px;
      background: var(--raised);
    }
    .off .chip {
      padding-right: 8px;
    }
    button {
      display: grid;
      place-items: center;
      width: 24px;
      height: 24px;
      border: 0;
      background: none;
      cursor: pointer;
      color: var(--quiet);
    }
    input {
      flex: 1 1 140px;
      min-width: 0;
      min-height: 26px;
      border: 0;
      background: none;
      outline: none;
    }
    .box:focus-within {
      outline: 2px solid var(--accent);
      outline-offset: 1px;
    }
  `,
})
export class Chips {
  protected readonly t = inject(Language).t;
  readonly names = input.required<readonly string[]>();
  readonly label = input.required<string>();
  readonly disabled = input(false);
  readonly changed = output<readonly string[]>();
  protected readonly text = signal('');

  protected key(event: KeyboardEvent): void {
    if (event.isComposing || event.key === 'Process') return;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.add();
    } else if (event.key === 'Backspace' && this.text() === '' && this.names().length > 0) {
      this.changed.emit(this.names().slice(0, -1));
    }
  }

  protected add(): void {
    const name = this.text().trim();
    if (!name) return;
    this.text.set('');
    if (!this.names().includes(name)) this.changed.emit([...this.names(), name]);
  }

  protected remove(place: number): void {
    this.changed.emit(this.names().filter((_, at) => at !== place));
  }
}
