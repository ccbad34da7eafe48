import { refuse } from '@albumen/domain';
import { IndexPngWriter, readIndexPng } from './index-png.js';
import { runsByRow } from './run-columns.js';
import { MarkCollector, type Mark } from './runs.js';

/** Colours of the mask picture: none (clear), scratch, dust, stain; scratch and dust that are doubtful. */
const palette = [
  [0, 0, 0, 0],
  [230, 159, 0, 255],
  [86, 180, 233, 255],
  [204, 121, 167, 255],
  [230, 159, 0, 96],
  [86, 180, 233, 96],
] as const;
/** What is added to the class of a mark that is doubtful. */
const doubtfulBy = 3;
const rowsAtOnce = 256;

/**
 * Writes marks as the mask picture: palette PNG, 0 none, 1 scratch, 2 dust, 3 stain; 4 and 5 scratches and dust that are
 * doubtful, which are drawn paler and read back by nobody: a person sees them and marks what is damage. The mean probability
 * of each mark that is not doubtful (one byte, in reading order) goes into a private chunk, so that regions made from the
 * mask know it.
 */
export async function writeMask(
  path: string,
  size: { readonly width: number; readonly height: number },
  marks: readonly Mark[],
  doubtful: ReadonlySet<Mark> = new Set(),
): Promise<void> {
  const ordered = [...marks].sort((a, b) => a.top - b.top || firstColumn(a) - firstColumn(b));
  const notes = Uint8Array.from(
    ordered.filter((mark) => !doubtful.has(mark)),
    (mark) => Math.round(mark.probability * 255),
  );
  const writer = await IndexPngWriter.create(path, size, { palette }, notes);
  const kinds = Uint8Array.from(ordered, (mark) => mark.kind + (doubtful.has(mark) ? doubtfulBy : 0));
  const runs = runsByRow(ordered);
  let next = 0;
  for (let y = 0; y < size.height; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, size.height - y);
    const indices = new Uint8Array(rows * size.width);
    for (; next < runs.length && (runs.y[next] as number) < y + rows; next++) {
      const row = ((runs.y[next] as number) - y) * size.width;
      const kind = kinds[runs.mark[next] as number] as number;
      indices.fill(kind, row + (runs.from[next] as number), row + (runs.to[next] as number));
    }
    await writer.rows(indices);
  }
  await writer.end();
}

function firstColumn(mark: Mark): number {
  return mark.runs.at(0).from;
}

/**
 * Reads the marks of a mask picture that are not doubtful; it must have the given size. A mask without probabilities gives its marks the
 * share of their box that they cover. Refuses `restoration.engine-failed` for a mask of another picture.
 */
export async function readMask(
  path: string,
  size: { readonly width: number; readonly height: number },
): Promise<readonly Mark[]> {
  const collector = new MarkCollector();
  let notes: Uint8Array | null = null;
  await readIndexPng(
    path,
    (head) => {
      if (head.width !== size.width || head.height !== size.height)
        throw refuse('restoration.engine-failed', {
          detail: `the mask is ${head.width}×${head.height}, the picture ${size.width}×${size.height}`,
        });
      notes = head.notes;
    },
    (y, indices) => {
      const classes = indices as Uint8Array;
      if (classes.some((value) => value >= palette.length))
        throw refuse('file.damaged', { detail: 'the mask names a class that does not exist' });
      for (let at = 0; at < classes.length; at++) if ((classes[at] as number) > doubtfulBy) classes[at] = 0;
      collector.addRow(y, classes, null);
    },
  );
  const known = notes as Uint8Array | null;
  const marks = collector.marks();
  return marks.map((mark, index) => ({
    ...mark,
    probability:
      known !== null && known.length === marks.length
        ? (known[index] as number) / 255
        : mark.area / ((mark.right - mark.left) * (mark.bottom - mark.top)),
  }));
}
