import { Component, input, output } from '@angular/core';

/** One place or length on the picture, in per cent of its width or height. */
@Component({
  selector: 'albumen-percent-field',
  template: `
    <label
      ><span>{{ name() }}</span
      ><input class="input" type="number" min="0" max="100" step="any" [value]="shown()" (change)="changed($event)"
    /></label>
  `,
  styles: `
    label {
      display: flex;
      align-items: center;
      gap: 4px;
    }
    .input {
      width: 62px;
      min-width: 0;
      min-height: 32px;
      padding: 2px 8px;
    }
    @media (max-width: 700px) {
      .input {
        min-height: 44px;
      }
    }
  `,
})
export class PercentField {
  readonly name = input.required<string>();
  /** 0..1. */
  readonly share = input.required<number>();
  /** 0..1, whatever was written; a field that holds no number is set back. */
  readonly chose = output<number>();

  protected shown(): number {
    return Math.round(this.share() * 1000) / 10;
  }

  protected changed(event: Event): void {
    const field = event.target as HTMLInputElement;
    if (Number.isFinite(field.valueAsNumber)) this.chose.emit(Math.min(100, Math.max(0, field.valueAsNumber)) / 100);
    field.value = String(this.shown());
  }
}
