import { parentPort } from 'node:worker_threads';
import type { RecipeStep } from '@albumen/domain';
import type { LayerFilter } from '../operations/layer-filter.js';
import type { Samples, Shape } from '../picture/strips.js';
import { filterOf, type Measured } from './filters.js';

/** Everything a classical step's filter is made from: numbers alone, so that a thread can make it again. */
export interface FilterFacts {
  readonly step: RecipeStep;
  readonly shape: Shape;
  readonly measured: Measured;
  /** Share of the original's noise that is left in the picture. */
  readonly left: number;
}

/** The thread that applies a filter to every second strip. Parent to thread. */
export type FilterRequest =
  | { readonly type: 'begin'; readonly facts: FilterFacts }
  | { readonly type: 'strip'; readonly strip: Samples; readonly y: number; readonly rows: number };

/** Thread to parent: that it has begun, then each strip as it was and what became of it. */
export type FilterAnswer =
  { readonly type: 'begun' } | { readonly type: 'made'; readonly strip: Samples; readonly out: Samples };

let filter: LayerFilter | null = null;

parentPort?.on('message', (request: FilterRequest) => {
  if (request.type === 'begin') {
    const { step, shape, measured, left } = request.facts;
    filter = filterOf(step, shape, measured, left);
    parentPort?.postMessage({ type: 'begun' } satisfies FilterAnswer);
    return;
  }
  if (filter === null) throw new TypeError(`Expected begin before ${request.type}`);
  const { strip, y, rows } = request;
  const out = filter.apply(strip, y, rows);
  const buffers = new Set([strip.buffer as ArrayBuffer, out.buffer as ArrayBuffer]);
  parentPort?.postMessage({ type: 'made', strip, out } satisfies FilterAnswer, [...buffers]);
});
