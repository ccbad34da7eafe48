import type { AcceptedSet, Json } from '@albumen/domain';
import { boundedJson } from '../audit/bounded-json.js';

/** An accepted set as the log keeps it: thousands of ordinals by their digest. */
export function acceptedForLog(accepted: AcceptedSet): Json {
  return {
    regions: boundedJson(accepted.regions),
    layers: accepted.layers.map(({ operation, strength }) => ({ operation, strength })),
  };
}
