import { Injectable, signal } from '@angular/core';
import { shownOf } from './problem';

/** One small line at the foot of the screen. */
export interface Notice {
  readonly id: number;
  readonly sentences: { readonly en: string; readonly vi: string };
  readonly kind: 'said' | 'failed';
}

/** Small lines that say what happened. Failures stay until they are dismissed, the rest leaves by itself. */
@Injectable({ providedIn: 'root' })
export class Notices {
  private count = 0;
  private readonly held = signal<readonly Notice[]>([]);
  readonly list = this.held.asReadonly();

  say(en: string, vi: string): void {
    const id = this.add({ en, vi }, 'said');
    setTimeout(() => this.dismiss(id), 6000);
  }

  fail(error: unknown): void {
    this.add(shownOf(error).sentences, 'failed');
  }

  dismiss(id: number): void {
    this.held.update((list) => list.filter((notice) => notice.id !== id));
  }

  private add(sentences: Notice['sentences'], kind: Notice['kind']): number {
    this.count += 1;
    const id = this.count;
    this.held.update((list) => [...list.slice(-2), { id, sentences, kind }]);
    return id;
  }
}
