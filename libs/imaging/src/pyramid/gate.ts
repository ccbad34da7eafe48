import { refuse } from '@albumen/domain';

/** Lets a few work at once and a bounded number wait in order; beyond that `request.rate-limited`. */
export class Gate {
  private working = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private concurrent: number,
    private mostWaiting: number,
  ) {}

  /** New limits hold for what comes next; work under way is not disturbed. */
  configure(limits: { readonly concurrent: number; readonly waiting: number }): void {
    this.concurrent = limits.concurrent;
    this.mostWaiting = limits.waiting;
  }

  /** Rejects with the signal's reason where it was aborted while waiting. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.working >= this.concurrent) await this.wait();
    else this.working++;
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.working--;
    }
  }

  /** The place of the one who finishes passes straight to the first who waits. */
  private wait(): Promise<void> {
    if (this.waiting.length >= this.mostWaiting) throw refuse('request.rate-limited');
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
