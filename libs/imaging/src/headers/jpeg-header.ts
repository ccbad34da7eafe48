import { HeaderFault, type PictureHeader } from './picture-header.js';
import type { RandomBytes } from './random-bytes.js';

const maxMarkers = 4096;

/** Reads the frame header of a JPEG. Arithmetic-coded, lossless and hierarchical frames are refused. */
export async function readJpegHeader(file: RandomBytes): Promise<PictureHeader> {
  let offset = 2;
  for (let count = 0; count < maxMarkers; count++) {
    const head = await file.at(offset, 4);
    if (head.length < 4) throw new HeaderFault('it ends before its picture begins');
    if (head[0] !== 0xff) throw new HeaderFault('its JPEG markers are broken');
    const marker = head[1] as number;
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      offset += 2;
      continue;
    }
    if (marker === 0xd9 || marker === 0xda) throw new HeaderFault('it has no frame header');
    const length = head.readUInt16BE(2);
    if (length < 2) throw new HeaderFault('its JPEG markers are broken');
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame) {
      if (marker > 0xc2) throw new HeaderFault('its JPEG process is not supported');
      const body = await file.at(offset + 4, 6);
      if (body.length < 6) throw new HeaderFault('it ends inside its frame header');
      return {
        height: body.readUInt16BE(1),
        width: body.readUInt16BE(3),
        pages: 1,
        sequential: marker !== 0xc2,
        bands: body[5] as number,
        bitsPerSample: body[0] as number,
      };
    }
    offset += 2 + length;
  }
  throw new HeaderFault('it has too many JPEG markers');
}
