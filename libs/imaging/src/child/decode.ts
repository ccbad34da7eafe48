/**
 * Entry of the decoding child: reads every pixel of one file at a time and answers over the IPC channel. It imports
 * nothing of this workspace, so that it starts equally from source and from `dist`.
 */
import sharp from 'sharp';

/** One file to read to its end. */
export interface DecodeRequest {
  readonly id: number;
  readonly path: string;
  readonly pages: number;
}

/** `detail` is the decoder's own sentence. */
export type DecodeAnswer =
  | {
      readonly id: number;
      readonly ok: true;
      readonly width: number;
      readonly height: number;
      readonly pages: number;
      readonly warnings: readonly string[];
    }
  | { readonly id: number; readonly ok: false; readonly detail: string };

/** `intakeLimits.maxPixelsSequential`, written out because this file imports nothing of the workspace; a test compares them. */
export const pixelLimit = 1_000_000_000;

sharp.cache(false);
sharp.concurrency(1);

const maxPagesDecoded = 1000;
const maxWarnings = 20;

process.on('message', (request: DecodeRequest) => {
  void answer(request).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));

async function answer(request: DecodeRequest): Promise<DecodeAnswer> {
  try {
    return { id: request.id, ok: true, ...(await decode(request)) };
  } catch (error) {
    return { id: request.id, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

async function decode(
  request: DecodeRequest,
): Promise<{ width: number; height: number; pages: number; warnings: string[] }> {
  const warnings: string[] = [];
  const metadata = await sharp(request.path, {
    limitInputPixels: pixelLimit,
    unlimited: true,
    failOn: 'error',
  }).metadata();
  const pages = Math.min(Math.max(metadata.pages ?? 1, request.pages), maxPagesDecoded);
  for (let page = 0; page < pages; page++) {
    try {
      await readPage(request.path, page, 'warning');
    } catch (error) {
      // Vendor tags and stray bytes are warnings: read again so that only a real error refuses the file.
      await readPage(request.path, page, 'error');
      const text = error instanceof Error ? error.message : String(error);
      for (const line of text.split('\n')) {
        const said = line.trim();
        if (said && !warnings.includes(said) && warnings.length < maxWarnings) warnings.push(said);
      }
    }
  }
  return { width: metadata.autoOrient.width, height: metadata.autoOrient.height, pages, warnings };
}

/** A box filter down to one pixel needs every pixel, and holds only a few rows of them. */
async function readPage(path: string, page: number, failOn: 'warning' | 'error'): Promise<void> {
  await sharp(path, {
    page,
    failOn,
    limitInputPixels: pixelLimit,
    unlimited: true,
    sequentialRead: true,
    ignoreIcc: true,
  })
    .resize(1, 1, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
}
