import { beforeAll, describe, expect, it } from 'vitest';
import { installedModels } from '../models.js';
import { Strips } from '../picture/strips.js';
import { scratchFolder } from '../testing/pictures.js';
import { renderedScenes, shippedModels, type RenderedFace, type RenderedScene } from '../testing/rendered-faces.js';
import { faceThreshold, openFaceNet, type FaceMaps, type FaceNet } from './face-net.js';
import { findFaces, findFacesInGrey, proposalsInGrey } from './find-faces.js';
import { reducedGrey, shrunk, type GreyPicture } from './grey-picture.js';

let net: FaceNet;
let threshold: number;
let scenes: readonly RenderedScene[];

beforeAll(async () => {
  const model = (await installedModels(shippedModels)).get('faces');
  if (model === undefined) throw new Error('Expected the model faces under models/ but received none');
  net = await openFaceNet(model);
  threshold = faceThreshold(model);
  scenes = await renderedScenes();
}, 60_000);

function pictureOf(file: string): GreyPicture {
  const scene = scenes.find((one) => one.file === file);
  if (scene === undefined) throw new Error(`Expected ${file} in the set but received nothing`);
  return scene.picture;
}

function overlap(a: RenderedFace['box'], b: { x: number; y: number; width: number; height: number }): number {
  const across = Math.max(0, Math.min(a[0] + a[2], b.x + b.width) - Math.max(a[0], b.x));
  const down = Math.max(0, Math.min(a[1] + a[3], b.y + b.height) - Math.max(a[1], b.y));
  return (across * down) / (a[2] * a[3] + b.width * b.height - across * down);
}

async function asStrips(picture: GreyPicture, times: number): Promise<Strips> {
  const [width, height] = [picture.width * times, picture.height * times];
  const strips = await Strips.create(`${await scratchFolder()}/picture.v`, { width, height, bands: 3, depth: 8 });
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.fill(
        picture.data[Math.floor(y / times) * picture.width + Math.floor(x / times)] as number,
        (y * width + x) * 3,
        (y * width + x) * 3 + 3,
      );
  await strips.write(0, data);
  return strips;
}

describe('finding faces with the shipped net', () => {
  it('finds most faces of the rendered scenes, with their landmarks', async () => {
    let [wanted, hits, found] = [0, 0, 0];
    const shifts: number[] = [];
    for (const { picture, faces } of scenes) {
      const answers = await findFacesInGrey(picture, net, threshold);
      found += answers.length;
      for (const face of faces.filter((listed) => listed.judged)) {
        wanted++;
        const answer = answers.find((one) => overlap(face.box, one.box) >= 0.3);
        if (answer === undefined) continue;
        hits++;
        const [left, right] = face.five;
        if (face.turn > 0.5 || left === undefined || right === undefined) continue;
        const eyes = Math.hypot(left[0] - right[0], left[1] - right[1]);
        face.five.forEach(([x, y], at) => {
          const [atX, atY] = answer.landmarks[at] ?? [NaN, NaN];
          shifts.push(Math.hypot(x - atX, y - atY) / eyes);
        });
      }
    }
    expect(wanted).toBeGreaterThan(100);
    expect(hits / wanted).toBeGreaterThan(0.65);
    expect(hits / found).toBeGreaterThan(0.8);
    expect(shifts.sort((a, b) => a - b)[Math.floor(shifts.length / 2)]).toBeLessThan(0.2);
  }, 120_000);

  it('is sure of none in drawn scenes without people', async () => {
    const drawn = scenes.filter(({ faces }) => faces.length === 0);
    expect(drawn).toHaveLength(3);
    for (const { file, picture } of drawn) expect(await findFacesInGrey(picture, net, 0.6), file).toEqual([]);
  }, 60_000);

  it('answers in pixels of the original, also of a picture larger than what is searched', async () => {
    const whole = pictureOf('rendered-10.jpg');
    const picture = { width: whole.width, height: 280, data: whole.data.subarray(0, whole.width * 280) };
    const large = await asStrips(picture, 6);
    const reduced = await reducedGrey(large);
    expect(reduced).toMatchObject({ width: 2048, height: 1434, factorX: (6 * picture.width) / 2048 });
    const small = await findFacesInGrey(picture, net, threshold);
    const found = await findFaces(large, net, threshold);
    await large.close();
    expect(small.length).toBeGreaterThan(2);
    const kept = small.filter(({ box }) =>
      found.some((one) => overlap([box.x * 6, box.y * 6, box.width * 6, box.height * 6], one.box) > 0.5),
    );
    expect(kept.length).toBeGreaterThanOrEqual(small.length - 2);
  }, 120_000);

  it('takes a picture of one pixel and a narrow strip', async () => {
    expect(await findFacesInGrey({ width: 1, height: 1, data: new Uint8Array(1) }, net, threshold)).toEqual([]);
    expect(await findFacesInGrey({ width: 300, height: 9, data: new Uint8Array(2700) }, net, threshold)).toEqual([]);
    const even = { width: 200, height: 150, data: new Uint8Array(30_000).fill(128) };
    expect(await findFacesInGrey(even, net, threshold)).toEqual([]);
  });

  it('gives the same numbers twice', async () => {
    const picture = pictureOf('rendered-02.jpg');
    const first = await findFacesInGrey(picture, net, threshold);
    expect(await findFacesInGrey(picture, net, threshold)).toEqual(first);
  }, 60_000);
});

describe('bad input', () => {
  const picture = { width: 32, height: 32, data: new Uint8Array(1024) };
  /** A net that answers the same for every level. */
  function answering(maps: Partial<FaceMaps>): FaceNet {
    const one = { rows: 1, columns: 1, heat: Float32Array.of(0.9), boxes: Float32Array.of(4, 4, 20, 24) };
    return { run: () => Promise.resolve({ ...one, landmarks: new Float32Array(10).fill(12), ...maps }) };
  }

  it('refuses a picture without pixels, or with too few samples', async () => {
    const empty = { width: 0, height: 10, data: new Uint8Array(0) };
    await expect(findFacesInGrey(empty, net, threshold)).rejects.toThrow('Expected a picture of at least 1×1 pixels');
    const short = { width: 10, height: 10, data: new Uint8Array(99) };
    await expect(findFacesInGrey(short, net, threshold)).rejects.toThrow(
      'Expected 100 samples for 10×10 but received 99',
    );
  });

  it('refuses a threshold that is none', async () => {
    for (const wrong of [0, 1.5, NaN])
      await expect(findFacesInGrey(picture, net, wrong)).rejects.toThrow('Expected a threshold');
  });

  it('keeps what a sane net says and refuses numbers that are none', async () => {
    expect(await findFacesInGrey(picture, answering({}), 0.5)).toMatchObject([
      { box: { x: 4, y: 4, width: 20, height: 24 }, score: Float32Array.of(0.9)[0] },
    ]);
    const points = new Float32Array(10);
    points[7] = Infinity;
    for (const maps of [
      { heat: Float32Array.of(NaN) },
      { boxes: Float32Array.of(4, NaN, 20, 24) },
      { landmarks: points },
    ])
      await expect(findFacesInGrey(picture, answering(maps), 0.5)).rejects.toMatchObject({
        code: 'restoration.output-not-sane',
      });
  });

  it('searches between the halves too where another net decides, and brings places back', async () => {
    const sizes: string[] = [];
    const first: FaceNet = {
      run: (data, width, height) => {
        sizes.push(`${width}×${height}`);
        const boxes = Float32Array.of(width / 4, height / 4, width / 2, height / 2);
        const heat = Float32Array.of(width === 71 ? 0.9 : 0.05);
        return Promise.resolve({ rows: 1, columns: 1, heat, boxes, landmarks: new Float32Array(10).fill(width / 2) });
      },
    };
    const square = { width: 100, height: 80, data: new Uint8Array(8000).fill(7) };
    const [only, ...more] = await proposalsInGrey(square, first, 0.5);
    expect(sizes).toEqual(['100×80', '71×57', '50×40', '35×28']);
    expect(more).toEqual([]);
    expect(only?.box).toEqual(expect.objectContaining({ x: 25, width: 50 }));
    expect([only?.box.y, only?.box.height]).toEqual([expect.closeTo(20), expect.closeTo(40)]);
    sizes.length = 0;
    await findFacesInGrey(square, first, 0.99);
    expect(sizes).toEqual(['100×80', '50×40']);
  });

  it('shrinks by means of areas, whose sum is the same', () => {
    const stripes = Uint8Array.from({ length: 12 }, (_, at) => (at % 4) * 60);
    expect(shrunk({ width: 4, height: 3, data: stripes }, 4, 3).data).toEqual(stripes);
    expect([...shrunk({ width: 4, height: 3, data: stripes }, 2, 1).data]).toEqual([30, 150]);
    // 3 columns of 4/3 pixels: (0 + 60/3) · 3/4, (60 · 2/3 + 120 · 2/3) · 3/4, (120/3 + 180) · 3/4.
    expect([...shrunk({ width: 4, height: 3, data: stripes }, 3, 3).data.subarray(0, 3)]).toEqual([15, 90, 165]);
  });

  it('drops the less certain of two findings of one face, keeps neighbours', async () => {
    const heat = Float32Array.of(0.8, 0.9, 0.7);
    const boxes = Float32Array.of(2, 4, 10, 12, 3, 4, 10, 12, 16, 4, 10, 12);
    const wide = { rows: 1, columns: 3, heat, boxes, landmarks: new Float32Array(30) };
    const found = await findFacesInGrey(picture, answering(wide), 0.5);
    expect(found.map(({ box }) => box.x)).toEqual([3, 16]);
  });
});
