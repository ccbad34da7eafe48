import type { EngineProgress } from '@albumen/domain';

/** A part of a run with what it is expected to cost (seconds, from experience) until it has been measured. */
export interface PlannedPart {
  readonly name: string;
  readonly seconds: number;
}

/**
 * Turns finished work into a share and seconds left. What is left is measured: parts done so far correct the
 * expectation of those to come, so that a slow machine is believed after its first tile.
 */
export class ProgressMeter {
  readonly #begun = performance.now();
  readonly #took: { part: string; seconds: number; processor: number }[] = [];
  #at = -1;
  #partBegun = 0;
  #told = 0;

  constructor(
    private readonly plan: readonly PlannedPart[],
    private readonly tell: (progress: EngineProgress) => void,
  ) {}

  /** Seconds of each finished part, and seconds of processor time (all threads). */
  get timings(): readonly { readonly part: string; readonly seconds: number; readonly processor: number }[] {
    return this.#took;
  }

  /** Runs one part and counts it as done. */
  async part<T>(name: string, work: (advance: (done: number, of: number) => void) => Promise<T>): Promise<T> {
    const next = this.plan.findIndex((part, index) => index > this.#at && part.name === name);
    if (next >= 0) this.#at = next;
    this.#partBegun = performance.now();
    const used = process.cpuUsage();
    this.#report(name, 0, true);
    const result = await work((done, of) => this.#report(name, of === 0 ? 1 : done / of, false));
    const seconds = (performance.now() - this.#partBegun) / 1000;
    const { user, system } = process.cpuUsage(used);
    const processor = (user + system) / 1e6;
    const earlier = this.#took.find((part) => part.part === name);
    if (earlier === undefined) this.#took.push({ part: name, seconds, processor });
    else {
      earlier.seconds += seconds;
      earlier.processor += processor;
    }
    this.#report(name, 1, true);
    return result;
  }

  #report(name: string, done: number, always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#told < 250) return;
    this.#told = now;
    const planned = (from: number, to: number): number =>
      this.plan.slice(from, to).reduce((sum, part) => sum + part.seconds, 0);
    const here = this.plan[this.#at]?.seconds ?? 0;
    const whole = Math.max(1e-9, planned(0, this.plan.length));
    const finished = planned(0, Math.max(0, this.#at)) + here * done;
    const elapsed = (now - this.#begun) / 1000;
    const partElapsed = (now - this.#partBegun) / 1000;
    const left = planned(this.#at + 1, this.plan.length);
    const pace = finished > 0.02 * whole ? elapsed / finished : null;
    const inPart = done > 0.02 ? (partElapsed / done) * (1 - done) : pace === null ? null : here * pace;
    const secondsLeft = inPart === null || pace === null ? null : Math.max(0, inPart + left * pace);
    this.tell({ share: Math.min(1, finished / whole), doing: name, secondsLeft });
  }
}
