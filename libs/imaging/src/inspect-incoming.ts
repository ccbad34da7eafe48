import { intakeLimits, refuse, type AcceptedMedia } from '@albumen/domain';
import { readJpegHeader } from './headers/jpeg-header.js';
import { HeaderFault, type PictureHeader } from './headers/picture-header.js';
import { readPngHeader } from './headers/png-header.js';
import { RandomBytes } from './headers/random-bytes.js';
import { readTiffHeader } from './headers/tiff-directories.js';
import { readWebpHeader } from './headers/webp-header.js';
import { sniffBytes, sniffMedia } from './sniff-media.js';

/** What an incoming file claims to be. Width and height as stored: the orientation tag is not applied. */
export interface IncomingPicture {
  readonly mediaType: AcceptedMedia;
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  /** True where the format decodes row by row (TIFF, baseline JPEG, plain PNG). */
  readonly sequential: boolean;
}

const headerReaders: Readonly<Record<AcceptedMedia, (file: RandomBytes) => Promise<PictureHeader>>> = {
  'image/jpeg': readJpegHeader,
  'image/png': readPngHeader,
  'image/tiff': readTiffHeader,
  'image/webp': readWebpHeader,
};

/** Below this many decoded bytes a picture is harmless however small its file is: blank pages compress well. */
const harmlessBytes = 200_000_000;

/**
 * Reads headers only; no pixel is decoded. Refuses `file.empty`, `file.not-a-picture`, `file.media-not-accepted`,
 * `file.too-many-pixels`, `file.expands-too-much`, and `file.damaged` where the header contradicts itself.
 */
export async function inspectIncoming(path: string, known: { readonly bytes: number }): Promise<IncomingPicture> {
  await using file = await RandomBytes.open(path);
  if (known.bytes === 0 || file.size === 0) throw refuse('file.empty');
  const sniffed = sniffMedia(await file.at(0, sniffBytes));
  if (sniffed.mediaType === null) {
    throw refuse(sniffed.picture ? 'file.media-not-accepted' : 'file.not-a-picture', { found: sniffed.name });
  }
  const header = await readHeader(sniffed.mediaType, file);
  checkSize(header, sniffed.mediaType, file.size);
  const { width, height, pages, sequential } = header;
  return { mediaType: sniffed.mediaType, width, height, pages, sequential };
}

async function readHeader(mediaType: AcceptedMedia, file: RandomBytes): Promise<PictureHeader> {
  try {
    const header = await headerReaders[mediaType](file);
    if (header.width === 0 || header.height === 0) throw new HeaderFault('it claims a picture without size');
    return header;
  } catch (error) {
    if (error instanceof HeaderFault) throw refuse('file.damaged', { detail: error.message }, { cause: error });
    throw error;
  }
}

function checkSize(header: PictureHeader, mediaType: AcceptedMedia, bytes: number): void {
  const pixels = header.width * header.height;
  const limit = header.sequential ? intakeLimits.maxPixelsSequential : intakeLimits.maxPixelsWhole;
  if (pixels > limit) {
    throw refuse('file.too-many-pixels', { megapixels: Math.round(pixels / 1e6), limit: limit / 1e6 });
  }
  const decoded = (pixels * header.bands * Math.max(8, header.bitsPerSample)) / 8;
  // A blank JPEG reaches 500 decoded bytes per byte honestly, deflate at most 1,032: there the bytes count, not the pixels.
  const bomb =
    pixels / bytes > intakeLimits.maxPixelsPerByte ||
    (mediaType !== 'image/jpeg' && decoded / bytes > intakeLimits.maxPixelsPerByte);
  if (decoded > harmlessBytes && bomb) throw refuse('file.expands-too-much', { bytes });
}
