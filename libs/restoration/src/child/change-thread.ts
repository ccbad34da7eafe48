import { parentPort } from 'node:worker_threads';
import type { Box } from '@albumen/domain';
import { ChangeMeter, type ChangeTally } from '../change-map.js';
import type { Samples, Shape } from '../picture/strips.js';

/** The thread that measures every second strip of a change. Parent to thread. */
export type ChangeRequest =
  | { readonly type: 'begin'; readonly shape: Shape; readonly drawsMap: boolean; readonly areas: readonly Box[] }
  | { readonly type: 'rows'; readonly before: Samples; readonly after: Samples; readonly y: number }
  | { readonly type: 'end' };

/** Thread to parent: that it has begun, or measured a strip; in the end what they come to. */
export type ChangeAnswer = { readonly type: 'measured' } | { readonly type: 'tally'; readonly tally: ChangeTally };

let meter: ChangeMeter | null = null;

parentPort?.on('message', (request: ChangeRequest) => {
  if (request.type === 'begin') {
    meter = new ChangeMeter(request.shape, request.drawsMap, request.areas);
    parentPort?.postMessage({ type: 'measured' } satisfies ChangeAnswer);
    return;
  }
  if (meter === null) throw new TypeError(`Expected begin before ${request.type}`);
  if (request.type === 'rows') {
    meter.add(request.before, request.after, request.y);
    parentPort?.postMessage({ type: 'measured' } satisfies ChangeAnswer);
    return;
  }
  parentPort?.postMessage({ type: 'tally', tally: meter.tally() } satisfies ChangeAnswer);
});
