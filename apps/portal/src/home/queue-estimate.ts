import { httpResource } from '@angular/common/http';
import { Component, DestroyRef, computed, inject } from '@angular/core';
import { restorationQueue } from '@albumen/contracts';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';

/** What waits to be restored and how long it takes, from runs that were measured; without any it says so. */
@Component({
  selector: 'albumen-queue-estimate',
  imports: [ProblemPanel],
  template: `
    @if (queue.error(); as error) {
      <albumen-problem [error]="error" (retry)="queue.reload()" />
    } @else if (view()) {
      <p role="status">{{ t('queue.title') }}: {{ sentence() }}</p>
      @if (analysing(); as words) {
        <p class="quiet">{{ words }}</p>
      }
      @if (failed(); as words) {
        <p class="no">{{ words }}</p>
      }
    } @else {
      <p class="quiet">{{ t('loading') }}</p>
    }
  `,
})
export class QueueEstimate {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly formats = inject(Formats);
  protected readonly queue = httpResource(() => '/api/restoration-queue', {
    parse: (raw) => restorationQueue.parse(raw),
  });
  protected readonly view = computed(() => (this.queue.hasValue() ? this.queue.value() : undefined));
  protected readonly sentence = computed(() => {
    const view = this.view();
    if (!view) return '';
    const { waiting, running, secondsLeft, measuredOn } = view;
    if (waiting + running === 0) return this.t('queue.empty');
    const what = this.t('queue.waiting', { waiting, running });
    const time =
      secondsLeft === null
        ? this.t('queue.unknown')
        : this.t('queue.left', { time: this.formats.duration(secondsLeft), n: measuredOn });
    return `${what}, ${time}`;
  });
  protected readonly analysing = computed(() => {
    const n = this.view()?.analysing.waiting ?? 0;
    return n > 0 ? this.t('queue.analysing', { n }) : '';
  });
  protected readonly failed = computed(() => {
    const n = this.view()?.failed ?? 0;
    return n > 0 ? this.t('queue.failed', { n }) : '';
  });

  constructor() {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') this.queue.reload();
    }, 20_000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}
