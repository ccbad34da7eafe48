/**
 * Begins nothing and swallows nothing: keeps how a promise ends until somebody asks. What fails is thrown by `outcome` each
 * time it is called, and does not end the process meanwhile as a rejection that nobody has looked at yet.
 */
export class LaterOutcome<T> {
  readonly #settled: Promise<readonly [PromiseSettledResult<T>]>;

  constructor(work: Promise<T>) {
    this.#settled = Promise.allSettled([work]);
  }

  /** The result; throws what the work threw. */
  async outcome(): Promise<T> {
    const [ended] = await this.#settled;
    if (ended.status === 'rejected') throw ended.reason;
    return ended.value;
  }
}
