import type { Box } from '@albumen/domain';
import { ChangeMeter, type ChangeTally } from '../change-map.js';
import { LaterOutcome } from '../later-outcome.js';
import { boxReduced } from '../picture/interpolate.js';
import { rowsPerStrip, type Samples, type Shape, type Strips } from '../picture/strips.js';
import type { ChangeAnswer, ChangeRequest } from './change-thread.js';
import { widenedTo } from './filters.js';
import { OwnThread, worthAThread } from './own-thread.js';

/** Strips that wait for the second thread at most: what they hold is memory. */
const mostWaiting = 2;

/** What measures the strips it is given, here or in a thread of its own. */
interface Measuring {
  add(before: Samples, after: Samples, y: number): Promise<void>;
  tally(): Promise<ChangeTally>;
  close(): Promise<void>;
}

/**
 * ΔE2000 between two pictures, strip by strip; an enlarged one is reduced first, a grey one read as three equal channels.
 * `areas` (pixels) are summed up apart. Every second strip is measured by a second meter, with two `threads` and a picture of
 * some size in a thread of its own; which of both measures a row is the same everywhere, so sums are, to the last bit.
 */
export async function changeBetween(
  before: Strips,
  after: Strips,
  drawsMap: boolean,
  areas: readonly Box[],
  advance: (done: number, of: number) => void,
  threads = 1,
): Promise<ChangeMeter> {
  const times = after.work.width / before.work.width;
  const bands = Math.max(before.work.bands, after.work.bands);
  const { width, height, depth } = before.work;
  const shape: Shape = { width, height, bands, depth };
  const meter = new ChangeMeter(shape, drawsMap, areas);
  const apart = threads > 1 && width * height * bands >= worthAThread;
  const second = apart ? new InThread(shape, drawsMap, areas) : new Here(shape, drawsMap, areas);
  // Strips of half the usual size: both threads end at about the same time.
  const rows = Math.max(1, Math.floor(rowsPerStrip(after.work) / times / 2));
  const held: { was?: Samples; is?: Samples } = {};
  try {
    for (let y = 0, strip = 0; y < height; y += rows, strip++) {
      const count = Math.min(rows, height - y);
      const own = strip % 2 === 0;
      // What is handed to the thread is gone from here.
      const again = own || !apart;
      const was = await before.read(y, count, again ? held.was : undefined);
      const is = await after.read(y * times, count * times, again ? held.is : undefined);
      if (again) Object.assign(held, { was, is });
      const pair = [
        widenedTo(bands, before.work.bands, was),
        widenedTo(bands, after.work.bands, times === 1 ? is : boxReduced(is, width, after.work.bands, times)),
      ] as const;
      if (own) meter.add(...pair, y);
      else await second.add(...pair, y);
      advance(y + count, height);
    }
    meter.merge(await second.tally());
  } finally {
    await second.close();
  }
  return meter;
}

class Here implements Measuring {
  readonly #meter: ChangeMeter;

  constructor(shape: Shape, drawsMap: boolean, areas: readonly Box[]) {
    this.#meter = new ChangeMeter(shape, drawsMap, areas);
  }

  add(before: Samples, after: Samples, y: number): Promise<void> {
    this.#meter.add(before, after, y);
    return Promise.resolve();
  }

  tally(): Promise<ChangeTally> {
    return Promise.resolve(this.#meter.tally());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class InThread implements Measuring {
  readonly #thread = new OwnThread<ChangeRequest, ChangeAnswer>('./change-thread.js');
  /** Strips that were handed over and are not measured yet. */
  readonly #waiting: LaterOutcome<ChangeAnswer>[] = [];

  constructor(shape: Shape, drawsMap: boolean, areas: readonly Box[]) {
    this.#waiting.push(new LaterOutcome(this.#thread.ask({ type: 'begin', shape, drawsMap, areas })));
  }

  async add(before: Samples, after: Samples, y: number): Promise<void> {
    while (this.#waiting.length >= mostWaiting) await this.#waiting.shift()?.outcome();
    const handed = [before.buffer as ArrayBuffer, after.buffer as ArrayBuffer];
    this.#waiting.push(new LaterOutcome(this.#thread.ask({ type: 'rows', before, after, y }, handed)));
  }

  async tally(): Promise<ChangeTally> {
    for (const waiting of this.#waiting.splice(0)) await waiting.outcome();
    const answer = await this.#thread.ask({ type: 'end' });
    if (answer.type !== 'tally') throw new TypeError(`Expected the tally of a thread but received ${answer.type}`);
    return answer.tally;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
