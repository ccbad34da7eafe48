import { refuse } from '@albumen/domain';
import { readEmbedded, type PlainJson } from './embedded-metadata.js';
import { profileDescription } from './icc-profile.js';
import { pixelLimit, sharp } from './sharp-settings.js';
import { readTiffBlocks } from './headers/tiff-blocks.js';

/** Facts of a picture from its headers: the members of `facts` in the contract of an original. */
export interface PictureFacts {
  /** After orientation. */
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  /** Bands as in the file once decoded: grey 1, with alpha 2, RGB 3, with alpha or CMYK 4. */
  readonly bands: number;
  /** libvips' name: `srgb`, `rgb16`, `b-w`, `grey16`, `cmyk`, `lab`. */
  readonly colourSpace: string;
  /** Description inside the embedded ICC profile, or null. */
  readonly profile: string | null;
  readonly dotsPerInch: number | null;
  /** EXIF orientation 1..8; 1 where the file says nothing. */
  readonly orientation: number;
  readonly pages: number;
  readonly embedded: Record<string, PlainJson>;
}

/** Reads the headers and metadata of an accepted picture; no pixel is decoded. Throws `file.damaged`. */
export async function characterise(path: string): Promise<PictureFacts> {
  const metadata = await sharp(path, { limitInputPixels: pixelLimit, unlimited: true, failOn: 'error' })
    .metadata()
    .catch((error: unknown) => {
      const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw refuse('file.damaged', { detail }, { cause: error });
    });
  const blocks = metadata.format === 'tiff' ? await readTiffBlocks(path) : {};
  const xmp = metadata.xmp ?? (metadata.xmpAsString === undefined ? undefined : Buffer.from(metadata.xmpAsString));
  return {
    width: metadata.autoOrient.width,
    height: metadata.autoOrient.height,
    depth: metadata.depth === 'uchar' || metadata.depth === 'char' ? 8 : 16,
    bands: metadata.channels,
    colourSpace: metadata.space,
    profile: profileDescription(metadata.icc),
    dotsPerInch: metadata.density ?? null,
    orientation: metadata.orientation ?? 1,
    pages: metadata.pages ?? 1,
    embedded: await readEmbedded({ exif: metadata.exif ?? blocks.exif, xmp, iptc: metadata.iptc }),
  };
}
