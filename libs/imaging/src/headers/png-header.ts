import { HeaderFault, type PictureHeader } from './picture-header.js';
import type { RandomBytes } from './random-bytes.js';

/** Bands that a pixel has once decoded, by PNG colour type; a palette (3) becomes three bands. */
const bandsOfColourType: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

/** Reads the first chunk of a PNG. Interlaced ones must be held whole. */
export async function readPngHeader(file: RandomBytes): Promise<PictureHeader> {
  const head = await file.at(0, 33);
  if (head.length < 33 || head.toString('latin1', 12, 16) !== 'IHDR')
    throw new HeaderFault('its first chunk is missing');
  const colourType = head[25] as number;
  const bands = bandsOfColourType[colourType];
  if (bands === undefined) throw new HeaderFault('its colour type does not exist');
  return {
    width: head.readUInt32BE(16),
    height: head.readUInt32BE(20),
    pages: 1,
    sequential: head[28] === 0,
    bands,
    bitsPerSample: colourType === 3 ? 8 : (head[24] as number),
  };
}
