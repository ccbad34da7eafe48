import type { Box } from '@albumen/domain';
import { ChangeMeter } from '../change-map.js';
import { boxReduced } from '../picture/interpolate.js';
import { rowsPerStrip, type Samples, type Strips } from '../picture/strips.js';
import { widenedTo } from './filters.js';

/**
 * ΔE2000 between two pictures, strip by strip; an enlarged one is reduced first, a grey one read as three equal channels.
 * `areas` (pixels) are summed up apart.
 */
export async function changeBetween(
  before: Strips,
  after: Strips,
  drawsMap: boolean,
  areas: readonly Box[],
  advance: (done: number, of: number) => void,
): Promise<ChangeMeter> {
  const times = after.work.width / before.work.width;
  const bands = Math.max(before.work.bands, after.work.bands);
  const { width, height } = before.work;
  const meter = new ChangeMeter({ ...before.work, bands }, drawsMap, areas);
  const rows = Math.max(1, Math.floor(rowsPerStrip(after.work) / times));
  let was: Samples | undefined;
  let is: Samples | undefined;
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    was = await before.read(y, count, was);
    is = await after.read(y * times, count * times, is);
    meter.add(
      widenedTo(bands, before.work.bands, was),
      widenedTo(bands, after.work.bands, times === 1 ? is : boxReduced(is, width, after.work.bands, times)),
      y,
    );
    advance(y + count, height);
  }
  return meter;
}
