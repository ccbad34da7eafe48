import { httpResource } from '@angular/common/http';
import { Component, computed, effect, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { collectionList, reviewPage } from '@albumen/contracts';
import { inTreeOrder } from '../collections/tree-order';
import { Pressed } from '../controls/pressed';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';
import { QueueState } from './queue-state';

/** What waits for a decision, oldest first, and what was decided. */
@Component({
  selector: 'albumen-review-queue',
  imports: [RouterLink, AsWord, Icon, ProblemPanel, Pressed],
  templateUrl: './review-queue.html',
  styleUrl: './review-queue.scss',
})
export class ReviewQueue {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  protected readonly queue = inject(QueueState);
  private readonly notices = inject(Notices);

  readonly collectionId = input('', { transform: (given: string | undefined) => given ?? '' });
  protected readonly state = signal<'open' | 'decided'>('open');
  protected readonly fault = signal<unknown>(null);
  protected readonly loading = signal(true);
  protected readonly collections = httpResource(() => '/api/collections', {
    parse: (raw) => collectionList.parse(raw),
  });
  protected readonly tree = computed(() =>
    this.collections.hasValue() ? inTreeOrder(this.collections.value().rows) : [],
  );
  protected readonly decided = httpResource(
    () =>
      this.state() === 'decided'
        ? {
            url: '/api/reviews',
            params: {
              state: 'decided',
              limit: 100,
              ...(this.collectionId() ? { collectionId: this.collectionId() } : {}),
            },
          }
        : undefined,
    { parse: (raw) => reviewPage.parse(raw) },
  );
  protected readonly rows = computed(() =>
    this.state() === 'open' ? this.queue.rows() : this.decided.hasValue() ? this.decided.value().rows : [],
  );
  protected readonly start = computed(() =>
    this.queue.rows().find((row) => row.state === 'open' && row.mayDecide && (!row.claim || row.claim.mine)),
  );

  constructor() {
    effect(() => void this.load(this.collectionId()));
  }

  protected async load(collectionId: string): Promise<void> {
    this.loading.set(true);
    this.fault.set(null);
    try {
      await this.queue.load(collectionId, true);
    } catch (fault) {
      this.fault.set(fault);
    } finally {
      this.loading.set(false);
    }
  }

  protected more(): void {
    this.queue.more().catch((fault: unknown) => this.notices.fail(fault));
  }
}
