// Compares how the engine draws marks with the committed outlines (made by make_outlines.py) for evaluate.mjs.
import { readFile } from 'node:fs/promises';
import { marksOfPlane } from '../../libs/restoration/dist/testing/marks-of-plane.js';

/** Pixels of any class in which the engine's marks differ from the committed ones. `read` gives a picture of the set. */
export async function differingOutlines(read) {
  const { classes, thresholds, marks } = JSON.parse(await readFile(new URL('outlines/rule.json', import.meta.url), 'utf8'));
  const [luma, chances, wanted] = [await read('outlines/luma.png', true), await read('outlines/probability.png'), await read('outlines/outline.png')];
  let differing = 0;
  for (const [c, name] of classes.entries()) {
    const plane = Float32Array.from(luma.data, (_, i) => chances.data[i * 3 + c] / 255);
    const found = await marksOfPlane(plane, luma, { name, threshold: thresholds[name], outline: marks.outline });
    differing += found.filter((mark, i) => mark !== (wanted.data[i * 3 + c] > 127 ? 1 : 0)).length;
  }
  return differing;
}
