import { open, rm } from 'node:fs/promises';
import { openPicture, type PictureInput } from '../encode.js';
import { pixelLimit, sharp } from '../sharp-settings.js';
import { createWorkFile, openWorkFile, workBytes, type WorkFile } from '../work-file.js';

/** Pixels up to which sharp may repeat the edges: it holds the whole picture for that, 3 bytes a pixel. */
const heldPixels = 40_000_000;
const stripRows = 256;

/**
 * Runs `write` on the picture as 8-bit sRGB on white, its last column and row repeated `right` and `bottom` times. Large
 * pictures go through temporary files beside `besidePath`, so that memory does not grow with them.
 */
export async function withPaddedPicture<T>(
  input: PictureInput,
  size: { readonly width: number; readonly height: number },
  padding: { readonly right: number; readonly bottom: number },
  besidePath: string,
  write: (picture: ReturnType<typeof sharp>) => Promise<T>,
): Promise<T> {
  const flat = (await openPicture(input)).flatten({ background: '#ffffff' }).toColourspace('srgb');
  if (padding.right + padding.bottom === 0) return write(flat);
  if (size.width * size.height <= heldPixels) return write(flat.extend({ ...padding, extendWith: 'copy' }));
  const flatPath = `${besidePath}.flat.v`;
  const paddedPath = `${besidePath}.padded.v`;
  try {
    await flat.toFile(flatPath);
    await copyPadded(await openWorkFile(flatPath), paddedPath, padding);
    await rm(flatPath);
    return await write(sharp(paddedPath, { limitInputPixels: pixelLimit * 2 }).toColourspace('srgb'));
  } finally {
    await rm(flatPath, { force: true });
    await rm(paddedPath, { force: true });
  }
}

/** Copies an 8-bit work file strip by strip, repeating its last column and row. */
export async function copyPadded(
  work: WorkFile,
  outPath: string,
  padding: { readonly right: number; readonly bottom: number },
): Promise<WorkFile> {
  const { width, height, bands, depth } = work;
  const made = await createWorkFile(outPath, {
    width: width + padding.right,
    height: height + padding.bottom,
    bands,
    depth,
    density: work.density,
  });
  const from = workBytes(work).row;
  const to = workBytes(made).row;
  const sampleBytes = from / width;
  const reading = await open(work.path, 'r');
  const writing = await open(outPath, 'r+');
  try {
    const source = Buffer.alloc(stripRows * from);
    const strip = Buffer.alloc(stripRows * to);
    for (let y = 0; y < made.height; y += stripRows) {
      const rows = Math.min(stripRows, made.height - y);
      const read = Math.max(0, Math.min(rows, height - y));
      if (read > 0) await reading.read(source, 0, read * from, work.headerBytes + y * from);
      for (let row = 0; row < read; row++) {
        source.copy(strip, row * to, row * from, (row + 1) * from);
        strip.fill(source.subarray((row + 1) * from - sampleBytes, (row + 1) * from), row * to + from, (row + 1) * to);
      }
      if (read > 0 && read < rows) repeatRow(strip, read - 1, read, rows, to);
      else if (read === 0 && y >= height) repeatRow(strip, 0, 1, rows, to);
      await writing.write(strip, 0, rows * to, made.headerBytes + y * to);
      // What comes below the picture is its last row: it moves to the top of the strip for the next round.
      strip.copyWithin(0, (rows - 1) * to, rows * to);
    }
  } finally {
    await reading.close();
    await writing.close();
  }
  return made;
}

function repeatRow(strip: Buffer, row: number, first: number, end: number, bytes: number): void {
  for (let target = first; target < end; target++) strip.copyWithin(target * bytes, row * bytes, (row + 1) * bytes);
}
