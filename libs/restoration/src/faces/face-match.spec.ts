import { beforeAll, describe, expect, it } from 'vitest';
import type { FaceFound } from '@albumen/domain';
import { normalFrom, randomFrom } from '../testing/pictures.js';
import { renderedScenes } from '../testing/rendered-faces.js';
import { matchFace } from './face-match.js';
import type { GreyPicture } from './grey-picture.js';

let picture: GreyPicture;
let faces: FaceFound[];

beforeAll(async () => {
  const [scene] = await renderedScenes('rendered-01.jpg');
  if (scene === undefined) throw new Error('Expected rendered-01.jpg in the set but received nothing');
  picture = scene.picture;
  faces = scene.faces
    .filter(({ judged, turn, box }) => judged && turn < 0.9 && box[2] > 30)
    .map(({ box: [x, y, width, height], five }) => ({ box: { x, y, width, height }, landmarks: five, score: 1 }));
});

function face(at: number): FaceFound {
  const found = faces[at];
  if (found === undefined) throw new Error(`Expected at least ${at + 1} faces but received ${faces.length}`);
  return found;
}

function changed(change: (value: number, at: number) => number): GreyPicture {
  return {
    ...picture,
    data: Uint8Array.from(picture.data, (value, at) => Math.max(0, Math.min(255, Math.round(change(value, at))))),
  };
}

/** The picture with the second face in the place of the first. */
function exchanged(): GreyPicture {
  const [to, from] = [face(0).box, face(1).box];
  const data = picture.data.slice();
  for (let v = 0; v < to.height; v++)
    for (let u = 0; u < to.width; u++) {
      const [x, y] = [Math.round(to.x + u), Math.round(to.y + v)];
      if (x < 0 || y < 0 || x >= picture.width || y >= picture.height) continue;
      const fromX = Math.round(from.x + (u * from.width) / to.width);
      const fromY = Math.round(from.y + (v * from.height) / to.height);
      data[y * picture.width + x] = picture.data[fromY * picture.width + fromX] ?? 0;
    }
  return { ...picture, data };
}

function shifted({ box, landmarks, score }: FaceFound, by: number): FaceFound {
  return { box, score, landmarks: landmarks.map(([x, y]) => [x + by, y] as const) };
}

describe('the same face before and after', () => {
  it('is 1 where nothing changed', () => {
    const same = matchFace({ picture, face: face(0) }, { picture, face: face(0) });
    expect(same.similarity).toBeCloseTo(1, 6);
    expect(same.shift).toBe(0);
  });

  it('does not mind tone, minds blur and noise little, and another face much', () => {
    const normal = normalFrom(randomFrom(4));
    const before = { picture, face: face(0) };
    const toned = matchFace(before, { picture: changed((value) => 20 + 0.8 * value), face: face(0) });
    const noisy = matchFace(before, { picture: changed((value) => value + 8 * normal()), face: face(0) });
    const other = matchFace(before, { picture: exchanged(), face: face(0) });
    expect(toned.similarity).toBeGreaterThan(0.95);
    expect(noisy.similarity).toBeGreaterThan(0.6);
    expect(noisy.similarity).toBeLessThan(toned.similarity);
    expect(other.shift).toBe(0);
    expect(other.similarity).toBeLessThan(0.45);
    expect(other.similarity).toBeLessThan(0.7 * noisy.similarity);
  });

  it('falls with the shift of the landmarks, in distances between the eyes', () => {
    const [left, right] = face(0).landmarks as [readonly [number, number], readonly [number, number]];
    const eyes = Math.hypot(left[0] - right[0], left[1] - right[1]);
    const moved = matchFace({ picture, face: face(0) }, { picture, face: shifted(face(0), 0.4 * eyes) });
    expect(moved.shift).toBeGreaterThan(0.25);
    expect(moved.shift).toBeLessThan(0.41);
    expect(moved.structure).toBeCloseTo(1, 6);
    expect(moved.similarity).toBeCloseTo(1 - ((moved.shift ?? NaN) - 0.15) / 0.5, 6);
    const far = matchFace({ picture, face: face(0) }, { picture, face: shifted(face(0), eyes) });
    expect(far.similarity).toBe(0);
  });

  it('is 0 where the face is gone', () => {
    const gone = matchFace({ picture, face: face(0) }, { picture: changed(() => 128), face: null });
    expect(gone).toEqual({ similarity: 0, structure: expect.any(Number) as number, shift: null });
    expect(gone.structure).toBeLessThan(0.2);
  });

  it('refuses pictures and landmarks that cannot be compared', () => {
    const small = { width: 2, height: 2, data: new Uint8Array(4) };
    expect(() => matchFace({ picture, face: face(0) }, { picture: small, face: face(0) })).toThrow(
      'Expected two pictures of',
    );
    const none = { width: 0, height: 0, data: new Uint8Array(0) };
    expect(() => matchFace({ picture: none, face: face(0) }, { picture: none, face: null })).toThrow('at least 1×1');
    for (const landmarks of [[], [[NaN, 0]], Array.from({ length: 5 }, () => [NaN, 1] as const)])
      expect(() =>
        matchFace(
          { picture, face: { ...face(0), landmarks: landmarks as [number, number][] } },
          { picture, face: null },
        ),
      ).toThrow('Expected five landmarks');
    const point = Array.from({ length: 5 }, () => [7, 7] as const);
    expect(() => matchFace({ picture, face: { ...face(0), landmarks: point } }, { picture, face: null })).toThrow(
      'in one point',
    );
  });
});
