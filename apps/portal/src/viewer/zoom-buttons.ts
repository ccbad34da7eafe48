import { Component, computed, inject, input } from '@angular/core';
import { Named } from '../controls/named';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import type { Comparison } from './comparison';

/** Nearer, farther, whole picture; the buttons are styled where they stand. */
@Component({
  selector: 'albumen-zoom-buttons',
  imports: [Icon, Named],
  template: `
    @for (step of steps(); track step.word) {
      <button type="button" [class]="look()" [albumenNamed]="t(step.word)" (click)="step.act()">
        <albumen-icon [name]="step.icon" />
      </button>
    }
  `,
  styleUrl: './zoom-buttons.scss',
})
export class ZoomButtons {
  protected readonly t = inject(Language).t;
  readonly viewer = input.required<Comparison>();
  /** `button` on the desk, `public` on the large picture of the public page. */
  readonly look = input<'button' | 'public'>('button');

  protected readonly steps = computed(() => {
    const viewer = this.viewer();
    const large = this.look() === 'public';
    const times = large ? 1.6 : 1.5;
    return [
      { word: 'viewer.zoomIn', icon: large ? 'add' : 'zoom-in', act: () => viewer.zoomBy(times) },
      { word: 'viewer.zoomOut', icon: large ? 'remove' : 'zoom-out', act: () => viewer.zoomBy(1 / times) },
      { word: 'viewer.fit', icon: 'fit-screen', act: () => viewer.fit() },
    ] as const;
  });
}
