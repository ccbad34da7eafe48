import type { Operation } from '@albumen/domain';
import { LaterOutcome } from '../later-outcome.js';
import type { LayerFilter } from '../operations/layer-filter.js';
import { rowsPerStrip, type Samples, type Shape, type Strips } from '../picture/strips.js';
import type { FilterAnswer, FilterFacts, FilterRequest } from './filter-thread.js';
import { LayerJudge, widenedTo } from './filters.js';
import { OwnThread, worthAThread } from './own-thread.js';

/** A filter and the pictures between which it stands; `target` has the shape that the filter was planned for. */
export interface Filtering {
  readonly operation: Operation;
  readonly filter: LayerFilter;
  readonly source: Strips;
  readonly target: Strips;
  /** What a second thread makes the same filter from; null for one that stands here alone. */
  readonly facts: FilterFacts | null;
  readonly threads: number;
}

/** A strip as it was read, and what became of it. */
interface Made {
  readonly strip: Samples;
  readonly out: Samples;
}

/**
 * Applies a filter to a picture strip by strip and judges what it made: refuses `restoration.output-not-sane`. With two
 * `threads` and a picture of some size every second strip is made in a thread of its own; a filter never depends on how a
 * picture is cut, and it is cut the same either way, so the bytes are too.
 */
export async function applyFilter(filtering: Filtering, advance: (done: number, of: number) => void): Promise<void> {
  const { operation, filter, source, target, facts, threads } = filtering;
  const shape: Shape = target.work;
  const { bands, height, width } = source.work;
  const { halo } = filter;
  // Strips of half the usual size: both threads end at about the same time.
  const rows = Math.max(1, Math.floor(rowsPerStrip(shape) / 2), Math.min(height, 4 * halo));
  const apart = threads > 1 && facts !== null && width * height * shape.bands >= worthAThread;
  const thread = apart ? new OwnThread<FilterRequest, FilterAnswer>('./filter-thread.js') : null;
  const judge = new LayerJudge(operation, shape);
  const row = width * shape.bands;
  const read = async (y: number, count: number, into?: Samples): Promise<Samples> => {
    const strip = halo === 0 ? source.read(y, count, into) : source.readMirrored(y - halo, count + 2 * halo);
    return widenedTo(shape.bands, bands, await strip);
  };
  const take = async ({ strip, out }: Made, y: number, count: number): Promise<void> => {
    judge.add(strip.subarray(halo * row, (halo + count) * row), out);
    await target.write(y, out);
    advance(y + count, height);
  };
  let held: Samples | undefined;
  const here = async (y: number, count: number): Promise<Made> => {
    // What is widened is a copy: it may not be read into.
    held = await read(y, count, bands === shape.bands ? held : undefined);
    return { strip: held, out: filter.apply(held, y, count) };
  };
  try {
    if (thread !== null && facts !== null) await thread.ask({ type: 'begin', facts });
    for (let y = 0; y < height; y += 2 * rows) {
      const own = Math.min(rows, height - y);
      const [next, other] = [y + own, Math.min(rows, height - y - own)];
      const there =
        thread === null || other === 0 ? null : new LaterOutcome(made(thread, await read(next, other), next, other));
      await take(await here(y, own), y, own);
      if (other > 0) await take(await (there?.outcome() ?? here(next, other)), next, other);
    }
  } finally {
    await thread?.close();
  }
  judge.judge();
}

async function made(
  thread: OwnThread<FilterRequest, FilterAnswer>,
  strip: Samples,
  y: number,
  rows: number,
): Promise<Made> {
  const answer = await thread.ask({ type: 'strip', strip, y, rows }, [strip.buffer as ArrayBuffer]);
  if (answer.type !== 'made') throw new TypeError(`Expected a strip of a thread but received ${answer.type}`);
  return answer;
}
