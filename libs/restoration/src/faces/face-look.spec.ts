import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { installedModels, type InstalledModel } from '../models.js';
import { renderedScenes, shippedModels, type RenderedScene } from '../testing/rendered-faces.js';
import { cropSide } from './face-crops.js';
import { lookedClosely, lookThresholds, openFaceLook, type FaceLook } from './face-look.js';
import { openFaceMarks, withMarks } from './face-marks.js';
import { faceThreshold, openFaceNet, type FaceNet } from './face-net.js';
import { findFacesInGrey, type CloserLook } from './find-faces.js';
import type { GreyPicture } from './grey-picture.js';

let net: FaceNet;
let alone: number;
let closer: CloserLook;
let threshold: number;
let model: InstalledModel;
let scenes: readonly RenderedScene[];

beforeAll(async () => {
  const models = await installedModels(shippedModels);
  const [finding, looking, placing] = [models.get('faces'), models.get('face-look'), models.get('face-marks')];
  if (finding === undefined || looking === undefined || placing === undefined)
    throw new Error(
      `Expected faces, face-look and face-marks under models/ but received ${[...models.keys()].join(', ')}`,
    );
  model = looking;
  net = await openFaceNet(finding);
  alone = faceThreshold(finding);
  const { proposal, face } = lookThresholds(looking);
  closer = { net: await openFaceLook(looking), proposal, marks: await openFaceMarks(placing) };
  threshold = face;
  scenes = await renderedScenes();
}, 60_000);

type Box = readonly [number, number, number, number];

function overlap(a: Box, b: { x: number; y: number; width: number; height: number }): number {
  const across = Math.max(0, Math.min(a[0] + a[2], b.x + b.width) - Math.max(a[0], b.x));
  const down = Math.max(0, Math.min(a[1] + a[3], b.y + b.height) - Math.max(a[1], b.y));
  return (across * down) / (a[2] * a[3] + b.width * b.height - across * down);
}

/** Judged faces found, false findings, and the landmark error per found face turned less than 0.5 rad, in distances of the eyes. */
async function tally(look: CloserLook | undefined, least: number) {
  let [wanted, hits, wrong] = [0, 0, 0];
  const errors: number[] = [];
  for (const { picture, faces } of scenes) {
    const found = await findFacesInGrey(picture, net, least, look);
    wrong += found.filter(({ box }) => !faces.some((face) => overlap(face.box, box) >= 0.1)).length;
    for (const face of faces.filter(({ judged }) => judged)) {
      wanted++;
      const answer = found.find(({ box }) => overlap(face.box, box) >= 0.3);
      if (answer === undefined) continue;
      hits++;
      const [left, right] = face.five;
      if (face.turn > 0.5 || left === undefined || right === undefined) continue;
      const eyes = Math.hypot(left[0] - right[0], left[1] - right[1]);
      const apart = face.five.map(([x, y], at) => {
        const [atX, atY] = answer.landmarks[at] ?? [NaN, NaN];
        return Math.hypot(x - atX, y - atY) / eyes;
      });
      errors.push(apart.reduce((sum, value) => sum + value, 0) / 5);
    }
  }
  return { wanted, hits, wrong, median: errors.sort((a, b) => a - b)[Math.floor(errors.length / 2)] ?? NaN };
}

describe('the second look with the shipped nets', () => {
  let all: ReturnType<typeof tally> | undefined;
  /** The tally of all nets together, made once. */
  const together = (): ReturnType<typeof tally> => (all ??= tally(closer, threshold));

  it('finds more faces than the first net alone, no more that are none, and places landmarks better', async () => {
    const [first, both] = [await tally(undefined, alone), await together()];
    expect(both.wanted).toBe(145);
    expect(both.hits).toBeGreaterThan(first.hits);
    expect(both.wrong).toBeLessThanOrEqual(first.wrong);
    expect(both.median).toBeLessThan(0.75 * first.median);
  }, 180_000);

  it('leaves the landmarks to a net of their own, which places them better', async () => {
    const { marks: _, ...lookAlone } = closer;
    const [look, placed] = [await tally(lookAlone, threshold), await together()];
    expect([placed.hits, placed.wrong]).toEqual([look.hits, look.wrong]);
    expect(placed.median).toBeLessThan(0.9 * look.median);
    const face = { box: { x: 10, y: 10, width: 30, height: 40 }, landmarks: [], score: 0.9 };
    const levels = [{ width: 64, height: 64, data: new Uint8Array(64 * 64).fill(90) }];
    const broken = () => Promise.resolve({ landmarks: new Float32Array(10).fill(Number.NaN) });
    await expect(withMarks(broken, levels, [face])).rejects.toMatchObject({ code: 'restoration.output-not-sane' });
    expect(await withMarks(broken, levels, [])).toEqual([]);
  }, 180_000);

  it('finds what the training code finds, in the same places', async () => {
    const listed = JSON.parse(await readFile(`${shippedModels}evaluation/faces/found.json`, 'utf8')) as Record<
      string,
      readonly { readonly box: Box; readonly five: readonly (readonly [number, number])[]; readonly score: number }[]
    >;
    expect(Object.keys(listed)).toHaveLength(3);
    for (const [file, wanted] of Object.entries(listed)) {
      const scene = scenes.find((one) => one.file === file);
      if (scene === undefined) throw new Error(`Expected ${file} in the set but received nothing`);
      const found = await findFacesInGrey(scene.picture, net, threshold, closer);
      expect(found, file).toHaveLength(wanted.length);
      found.forEach(({ box, landmarks, score }, at) => {
        const other = wanted[at];
        if (other === undefined) return;
        const numbers = [box.x, box.y, box.width, box.height, ...landmarks.flat()];
        numbers.forEach((value, k) =>
          expect(Math.abs(value - ([...other.box, ...other.five.flat()][k] as number)), file).toBeLessThan(0.1),
        );
        expect(Math.abs(score - other.score), file).toBeLessThan(0.005);
      });
    }
  }, 60_000);

  it('finds none in drawn scenes without people, nor in a flat or tiny picture', async () => {
    for (const { file, picture } of scenes.filter(({ faces }) => faces.length === 0))
      expect(await findFacesInGrey(picture, net, threshold, closer), file).toEqual([]);
    const even = { width: 200, height: 150, data: new Uint8Array(30_000).fill(128) };
    expect(await findFacesInGrey(even, net, threshold, closer)).toEqual([]);
    expect(await findFacesInGrey({ width: 1, height: 1, data: new Uint8Array(1) }, net, threshold, closer)).toEqual([]);
  }, 60_000);
});

describe('crops and answers', () => {
  const answering =
    (answer: Partial<Awaited<ReturnType<FaceLook>>>, seen: Uint8Array[] = []): FaceLook =>
    (crops, count) => {
      seen.push(crops.slice());
      return Promise.resolve({
        score: new Float32Array(count).fill(0.9),
        boxes: Float32Array.from({ length: count * 4 }, (_, k) => [16, 8, 32, 48][k % 4] as number),
        landmarks: Float32Array.from({ length: count * 10 }, (_, k) => 20 + (k % 10)),
        ...answer,
      });
    };
  const face = { box: { x: 40, y: 30, width: 20, height: 20 }, landmarks: [], score: 0.5 };
  /** A slope: brightness is the column, 0.5 at the middle of the first pixel. */
  const slope: GreyPicture = {
    width: 128,
    height: 100,
    data: Uint8Array.from({ length: 12_800 }, (_, at) => at % 128),
  };

  it('cuts squares of three sizes around a box with their pixels where they are, and brings the mean of the answers back', async () => {
    const seen: Uint8Array[] = [];
    const [back] = await lookedClosely(answering({}, seen), [slope], [face]);
    // The squares are 0.88, 1 and 1.14 of 36 px wide around (50, 40): each crop's first column is half of its pixels inside.
    const sides = [0.88 * 36, 36, 1.14 * 36];
    sides.forEach((side, at) => {
      const first = 50 - side / 2 + (0.5 * side) / 64 - 0.5;
      expect([seen[at]?.[0], seen[at]?.[63]]).toEqual([Math.round(first), Math.round(first + (63 * side) / 64)]);
    });
    const mean = (of: (side: number) => number): number => sides.reduce((sum, side) => sum + of(side), 0) / 3;
    expect(back?.box.x).toBeCloseTo(mean((side) => 50 - side / 2 + (16 * side) / 64));
    expect(back?.box.y).toBeCloseTo(mean((side) => 40 - side / 2 + (8 * side) / 64));
    expect([back?.box.width, back?.box.height]).toEqual([
      mean((side) => side / 2),
      expect.closeTo(mean((side) => (48 * side) / 64)),
    ]);
    expect(back?.landmarks[0]).toEqual([
      expect.closeTo(mean((side) => 50 - side / 2 + (20 * side) / 64)),
      expect.closeTo(mean((side) => 40 - side / 2 + (21 * side) / 64)),
    ]);
  });

  it('joins the scores in logits, the mean of those of the second net weighing half', async () => {
    const scores = [0.9, 0.5, 0.1];
    const look: FaceLook = (crops, count) =>
      answering({ score: Float32Array.of(scores.shift() as number) })(crops, count);
    const [back] = await lookedClosely(look, [slope], [{ ...face, score: 0.8 }]);
    // 0.9, 0.5 and 0.1 are 0 in the mean; the first net's logit is log 4, of which two thirds count.
    expect(back?.score).toBeCloseTo(1 / (1 + Math.exp((-2 / 3) * Math.log(4))), 5);
  });

  it('looks at 70 proposals in three runs of each size and keeps their order', async () => {
    const seen: Uint8Array[] = [];
    const many = Array.from({ length: 70 }, (_, at) => ({ ...face, box: { ...face.box, x: at } }));
    const back = await lookedClosely(answering({}, seen), [slope], many);
    expect(seen.map(({ length }) => length / cropSide ** 2)).toEqual([32, 32, 6, 32, 32, 6, 32, 32, 6]);
    const steps = back.map(({ box }) => box.x - (back[0]?.box.x ?? 0));
    expect(steps.map((step) => Math.round(step * 1e6) / 1e6)).toEqual(many.map(({ box }) => box.x));
  });

  it('refuses numbers that are none, and descriptions without thresholds', async () => {
    const score = Float32Array.of(NaN);
    await expect(lookedClosely(answering({ score }), [slope], [face])).rejects.toMatchObject({
      code: 'restoration.output-not-sane',
    });
    for (const thresholds of [{}, { face: 0.5 }, { face: 0.5, proposal: 0 }])
      expect(() => lookThresholds({ ...model, thresholds })).toThrow();
  });
});
