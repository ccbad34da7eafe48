import { damageClasses } from '@albumen/domain';
import type { WorkFile } from '@albumen/imaging';
import { rowsPerStrip, Strips, type Samples } from '../picture/strips.js';
import { MarkCollector, thicknessOf, type Mark } from '../picture/runs.js';
import { lumaOf } from '../measure/luma.js';
import { markRuleOf } from '../mark-rule.js';
import { outlined } from '../measure/mark-outline.js';
import { leastPlan } from '../tile-plan.js';
import { LaterOutcome } from '../later-outcome.js';
import type { Net } from './nets.js';
import { raiseByHalf } from './raise-by-half.js';

/** Probability a class must reach where the model's description names no threshold of its own. */
const plainThreshold = 0.5;

/**
 * A mark begins where its class reaches the model's threshold and grows over neighbours down to this share of it: a
 * scratch that is certain in places is followed to its ends, while nothing begins where the net only wonders.
 */
export const growth = { share: 0.7, least: 0.25 } as const;

/** Logit of a probability a little below the floor of growth. */
const floorLogit = Math.log((growth.least - 0.02) / (1.02 - growth.least));

/** Marks need this many pixels, and this share of them certain; smaller ones are no damage that anybody could see. */
export const markRules: Readonly<
  Record<(typeof damageClasses)[number], { readonly area: number; readonly seeds: number }>
> = {
  scratch: { area: 14, seeds: 0.25 },
  dust: { area: 5, seeds: 0.4 },
  stain: { area: 400, seeds: 0.4 },
};

/** A scratch or speck as thick as this is a piece of the picture, or damage for a person to judge. */
export const thickest = 64;

/** Marks that lie wholly in a border of this share of the shorter side (at least 6 px) are not taken for damage. */
const borderShare = 0.006;

/** What the damage net saw. */
export interface DamageMasks {
  readonly marks: readonly Mark[];
  readonly tiles: number;
  readonly size: number;
  readonly margin: number;
  /** The luma at half size (one band, 8 bit); it lies in the folder that was given. */
  readonly half: WorkFile;
}

/**
 * Runs the damage net on the luma at full and at half size and joins the larger probability of both into marks. Memory is
 * that of a few tiles and of the marks; the half-size luma and probabilities lie in files in `folder`. Refuses
 * `model.missing` where the net's description has no rule for marks.
 */
export async function findDamage(
  picture: Strips,
  net: Net,
  folder: string,
  advance: (done: number, of: number) => void,
): Promise<DamageMasks> {
  const { width, height } = picture.work;
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const thresholds = damageClasses.map((name) => net.model.thresholds[name] ?? plainThreshold);
  const outputs = damageClasses.map((name) =>
    Math.max(0, net.model.classes.length === 0 ? damageClasses.indexOf(name) : net.model.classes.indexOf(name)),
  );
  const rule = markRuleOf(net.model);
  const halfSizeLoss = damageClasses.map((name) => rule.halfSizeLoss[name]);
  const fullPlan = leastPlan({ width, height }, net.model.tile);
  const halfPlan = leastPlan(half, net.model.tile);
  const total = fullPlan.rows.length * fullPlan.columns.length + halfPlan.rows.length * halfPlan.columns.length;
  let done = 0;
  const step = (): void => advance(++done, total);

  const luma = await Strips.create(`${folder}/luma-half.v`, { ...half, bands: 1, depth: 8 });
  const seenAtHalf = await Strips.create(`${folder}/damage-half.v`, { ...half, bands: 3, depth: 8 });
  const collector = new MarkCollector();
  try {
    await halve(picture, luma);
    await probabilities(luma, net, outputs, halfSizeLoss, step, (y, strip) => seenAtHalf.write(y, strip));
    await probabilities(picture, net, outputs, [0, 0, 0], step, async (y, strip) => {
      await raiseByHalf(strip, seenAtHalf, y, width);
      collect(collector, strip, y, width, thresholds);
    });
  } finally {
    await luma.close();
    await seenAtHalf.close();
  }
  return {
    marks: await outlined(
      picture,
      collector.marks((mark) => isDamage(mark, picture.work)),
      rule.outline,
    ),
    tiles: total,
    size: fullPlan.size,
    margin: fullPlan.margin,
    half: luma.work,
  };
}

function isDamage(mark: Mark, picture: { readonly width: number; readonly height: number }): boolean {
  const rule = markRules[damageClasses[mark.kind - 1] ?? 'scratch'];
  if (mark.area < rule.area || mark.seeds < Math.max(3, rule.seeds * mark.area)) return false;
  // The edge of the print or of the scan runs along the border of the picture and is none of its damage.
  const border = Math.max(6, Math.round(Math.min(picture.width, picture.height) * borderShare));
  if (
    mark.right <= border ||
    mark.bottom <= border ||
    mark.left >= picture.width - border ||
    mark.top >= picture.height - border
  )
    return false;
  return mark.kind === 3 || thicknessOf(mark) < thickest;
}

/** Luma at half size by 2×2 means. */
async function halve(picture: Strips, into: Strips): Promise<void> {
  const { width, height, bands } = picture.work;
  const rows = 2 * Math.max(8, Math.ceil(rowsPerStrip(picture.work) / 2));
  const full = new Float32Array(width * rows);
  let strip: Samples | undefined;
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    strip = await picture.read(y, count, strip);
    lumaOf(strip, bands, full);
    const out = new Uint8Array(into.work.width * Math.ceil(count / 2));
    for (let row = 0; row < Math.ceil(count / 2); row++) {
      const upper = row * 2 * width;
      const lower = Math.min(row * 2 + 1, count - 1) * width;
      for (let column = 0; column < into.work.width; column++) {
        const left = column * 2;
        const right = Math.min(left + 1, width - 1);
        out[row * into.work.width + column] = Math.round(
          ((full[upper + left] as number) +
            (full[upper + right] as number) +
            (full[lower + left] as number) +
            (full[lower + right] as number)) /
            4,
        );
      }
    }
    await into.write(y / 2, out);
  }
}

/**
 * Calls `rows` with three interleaved probabilities (0..255, in the order of the classes) for every strip of the picture;
 * `loss` is taken off the logits of each class.
 * The next tile is read and prepared, and the last one taken over, while the net is at work.
 */
async function probabilities(
  picture: Strips,
  net: Net,
  outputs: readonly number[],
  loss: readonly number[],
  step: () => void,
  rows: (y: number, strip: Uint8Array) => Promise<void>,
): Promise<void> {
  const { width, height, bands } = picture.work;
  const plan = leastPlan({ width, height }, net.model.tile);
  const { size, margin } = plan;
  const luma = new Float32Array(size * size);
  const tile = new Uint8Array(size * size);
  /** One row of tiles, used again for the next. */
  const room = new Uint8Array(Math.min(size - 2 * margin, height) * width * 3);
  let strip = room;
  const take = (logits: Float32Array, left: number, count: number): void => {
    const channels = logits.length / (size * size);
    const across = Math.min(size - 2 * margin, width - left);
    for (let line = 0; line < count; line++)
      for (let at = 0; at < across; at++) {
        const from = ((line + margin) * size + margin + at) * channels;
        const to = (line * width + left + at) * 3;
        for (let kind = 0; kind < 3; kind++) {
          const logit = (logits[from + (outputs[kind] as number)] as number) - (loss[kind] as number);
          // Below the floor of growth no pixel can belong to a mark: its probability is of no interest.
          if (logit > floorLogit) strip[to + kind] = Math.round(255 / (1 + Math.exp(-logit)));
        }
      }
    step();
  };
  const tiles = plan.rows.flatMap((y, row) => plan.columns.map((x, column) => ({ x, y, row, column })));
  const rowsOf = (row: number): { readonly top: number; readonly count: number } => {
    const top = (plan.rows[row] as number) + margin;
    const last = row === plan.rows.length - 1;
    return { top, count: Math.min(last ? size - 2 * margin : plan.step, height - top) };
  };
  type Running = { readonly at: (typeof tiles)[number]; readonly made: LaterOutcome<Float32Array> };
  const finish = async ({ at, made }: Running): Promise<void> => {
    const { top, count } = rowsOf(at.row);
    if (at.column === 0) strip = room.subarray(0, count * width * 3).fill(0);
    take(await made.outcome(), at.x + margin, count);
    if (at.column === plan.columns.length - 1) await rows(top, strip);
  };
  let running: Running | null = null;
  for (const at of tiles) {
    lumaOf(picture.readTile(at.x, at.y, size, size), bands, luma);
    for (let pixel = 0; pixel < tile.length; pixel++) tile[pixel] = (luma[pixel] as number) + 0.5;
    const before: Running | null = running;
    // The net goes over to this tile by itself when it has made the one before.
    running = { at, made: new LaterOutcome(net.run(tile, size, 1)) };
    if (before !== null) await finish(before);
  }
  if (running !== null) await finish(running);
}

function collect(
  collector: MarkCollector,
  strip: Uint8Array,
  y: number,
  width: number,
  thresholds: readonly number[],
): void {
  const rows = strip.length / width / 3;
  const classes = new Uint8Array(width);
  const chances = new Uint8Array(width);
  const seeds = new Uint8Array(width);
  const floors = thresholds.map((threshold) => Math.max(growth.least, threshold * growth.share) * 255);
  for (let row = 0; row < rows; row++) {
    classes.fill(0);
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * 3;
      let best = 0;
      for (let kind = 0; kind < 3; kind++) {
        const chance = strip[from + kind] as number;
        if (chance < (floors[kind] as number)) continue;
        const over = chance / 255 / (thresholds[kind] as number);
        if (over <= best) continue;
        best = over;
        classes[column] = kind + 1;
        chances[column] = chance;
      }
      seeds[column] = best >= 1 ? 1 : 0;
    }
    collector.addRow(y + row, classes, chances, seeds);
  }
}
