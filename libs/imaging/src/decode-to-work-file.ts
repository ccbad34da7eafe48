import { rm } from 'node:fs/promises';
import { refuse } from '@albumen/domain';
import { pixelLimit, sharp } from './sharp-settings.js';
import { openWorkFile, sealWorkFile, type WorkFile } from './work-file.js';

/**
 * Decodes the first page into a work file at `outPath` (must end in `.v`): orientation applied, original depth, bands as
 * in the file; palette and 1-bit pictures are expanded, CMYK and Lab go through their profile into sRGB. The ICC profile
 * of grey and RGB pictures is kept and not applied. Anonymous memory does not grow with the picture, except where it
 * must be turned: then it is held once.
 */
export async function decodeToWorkFile(inputPath: string, outPath: string): Promise<WorkFile> {
  if (!outPath.endsWith('.v'))
    throw new TypeError(`Expected a path ending in .v for the work file but received ${outPath}`);
  const input = { limitInputPixels: pixelLimit, unlimited: true, failOn: 'error' } as const;
  try {
    const metadata = await sharp(inputPath, input).metadata();
    const grey = metadata.space === 'b-w' || metadata.space === 'grey16';
    const wide = metadata.depth !== 'uchar' && metadata.depth !== 'char';
    const target = grey ? (wide ? 'grey16' : 'b-w') : wide ? 'rgb16' : 'srgb';
    const keepsProfile = grey || metadata.space === 'srgb' || metadata.space === 'rgb' || metadata.space === 'rgb16';
    const orientation = metadata.orientation ?? 1;
    const first = orientation === 1 ? outPath : `${outPath}.unturned.v`;
    const decoded = sharp(inputPath, input).toColourspace(target);
    await (keepsProfile ? decoded.keepIccProfile() : decoded).toFile(first);
    if (orientation !== 1) {
      try {
        await turned(sharp(first, { limitInputPixels: pixelLimit }), orientation)
          .toColourspace(target)
          .keepIccProfile()
          .toFile(outPath);
      } finally {
        await rm(first, { force: true });
      }
    }
  } catch (error) {
    throw refuse(
      'file.damaged',
      { detail: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) },
      { cause: error },
    );
  }
  const work = await openWorkFile(outPath);
  await sealWorkFile(work);
  return work;
}

/** EXIF 2.32, tag 274: what brings each orientation upright. Where both are asked, sharp mirrors first and turns then. */
function turned(picture: ReturnType<typeof sharp>, orientation: number): ReturnType<typeof sharp> {
  switch (orientation) {
    case 2:
      return picture.flop();
    case 3:
      return picture.rotate(180);
    case 4:
      return picture.flip();
    case 5:
      return picture.rotate(270).flop();
    case 6:
      return picture.rotate(90);
    case 7:
      return picture.rotate(90).flop();
    case 8:
      return picture.rotate(270);
    default:
      return picture;
  }
}
