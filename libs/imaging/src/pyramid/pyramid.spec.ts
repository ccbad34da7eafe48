import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeToWorkFile } from '../decode-to-work-file.js';
import { sharp } from '../sharp-settings.js';
import { largestDifference, meanDifference, picture, pixelsOf, scratch } from '../testing/pictures.js';
import { workBytes } from '../work-file.js';
import { configureImageCutting, cutImage, findTile, tileBytes, type ImageCut } from './cut-image.js';
import { encodePyramid, levelSizes } from './encode-pyramid.js';
import { Gate } from './gate.js';
import { forgetPyramids, readPyramid } from './open-pyramids.js';
import { copyPadded } from './pad-picture.js';

const { path, remove } = scratch();
const [width, height] = [1301, 777];
const pyramid = path('pyramid.tif');
const cut = (changes: Partial<ImageCut>): ImageCut => ({
  region: { x: 0, y: 0, width, height },
  size: { width, height },
  mirror: false,
  rotation: 0,
  quality: 'default',
  format: 'jpg',
  ...changes,
});

beforeAll(async () => {
  await picture(width, height).png().toFile(path('source.png'));
  await encodePyramid(path('source.png'), pyramid);
});
afterAll(async () => {
  await forgetPyramids();
  remove();
});

describe('encodePyramid', () => {
  it('names true sizes, halved with the ceiling', async () => {
    expect(levelSizes(width, height)).toEqual([
      { width: 1301, height: 777 },
      { width: 651, height: 389 },
      { width: 326, height: 195 },
    ]);
    const info = await readPyramid(pyramid);
    expect(info).toMatchObject({ width, height, tileSize: 512 });
    expect(info.levels.map((level) => [level.width, level.height, level.scaleFactor])).toEqual([
      [1301, 777, 1],
      [651, 389, 2],
      [326, 195, 4],
    ]);
    for (const [page, level] of info.levels.entries()) {
      const metadata = await sharp(pyramid, { page }).metadata();
      expect([metadata.width, metadata.height, metadata.space, metadata.hasProfile]).toEqual([
        level.width,
        level.height,
        'srgb',
        false,
      ]);
    }
  });

  it('looks like the picture on every level, up to the last row and column', async () => {
    const info = await readPyramid(pyramid);
    for (const [page, level] of info.levels.entries()) {
      const stored = await sharp(pyramid, { page }).raw().toBuffer();
      const wanted = await sharp(path('source.png'))
        .resize(level.width, level.height, { fit: 'fill' })
        .raw()
        .toBuffer();
      // A smaller level may reach up to a pixel beyond the picture, so its pixels lie a little aside of a plain scaling.
      expect([page, meanDifference(stored, wanted) < 5, largestDifference(stored, wanted) < 60]).toEqual([
        page,
        true,
        true,
      ]);
    }
  });

  it.each([
    [1, 1],
    [512, 512],
    [513, 512],
    [100, 3000],
    [1025, 1023],
  ])('makes %i×%i readable', async (wide, high) => {
    await picture(wide, high).png().toFile(path('odd.png'));
    await encodePyramid(path('odd.png'), path('odd.tif'));
    const info = await readPyramid(path('odd.tif'));
    expect(info.levels.map(({ width: w, height: h }) => ({ width: w, height: h }))).toEqual(levelSizes(wide, high));
    const whole = await sharp(path('odd.tif')).raw().toBuffer();
    expect(largestDifference(whole, await pixelsOf(path('odd.png')))).toBeLessThan(30);
    await forgetPyramids(path('odd.tif'));
  });

  it('turns the picture, flattens alpha on white and brings it to 8-bit sRGB', async () => {
    await picture(300, 200)
      .toColourspace('rgb16')
      .withIccProfile('p3')
      .withMetadata({ orientation: 6 })
      .tiff()
      .toFile(path('deep.tif'));
    expect(await encodePyramid(path('deep.tif'), path('deep.pyramid.tif'))).toMatchObject({ width: 200, height: 300 });
    await sharp({ create: { width: 40, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
      .png()
      .toFile(path('clear.png'));
    await encodePyramid(path('clear.png'), path('clear.tif'));
    expect(Math.min(...(await sharp(path('clear.tif')).raw().toBuffer()))).toBeGreaterThan(250);
    const grey16 = await sharp(new Uint16Array(64 * 64).fill(30_000), { raw: { width: 64, height: 64, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    await sharp(grey16).toColourspace('grey16').png().toFile(path('grey16.png'));
    await encodePyramid(await decodeToWorkFile(path('grey16.png'), path('grey16.v')), path('grey16.tif'));
    const { data, info } = await sharp(path('grey16.tif')).raw().toBuffer({ resolveWithObject: true });
    expect([info.channels, Math.abs((data[0] ?? 0) - 117) <= 2]).toEqual([3, true]);
  });

  it('repeats edges strip by strip where a picture is too large to hold', async () => {
    await picture(50, 300).png().toFile(path('tall.png'));
    const work = await decodeToWorkFile(path('tall.png'), path('tall.v'));
    const padded = await copyPadded(work, path('padded.v'), { right: 14, bottom: 340 });
    const wanted = await sharp(path('tall.png'))
      .extend({ right: 14, bottom: 340, extendWith: 'copy' })
      .raw()
      .toBuffer();
    const made = readFileSync(padded.path).subarray(padded.headerBytes, workBytes(padded).end);
    expect([padded.width, padded.height, made.equals(wanted)]).toEqual([64, 640, true]);
  });

  it('refuses qualities that change the subsampling', async () => {
    await expect(encodePyramid(path('source.png'), path('x.tif'), { quality: 90 })).rejects.toThrow(/85 to 89/);
  });
});

describe('tileBytes', () => {
  it('splices stored tiles that decode to the very pixels of the pyramid', async () => {
    for (const [level, column, row] of [
      [0, 0, 0],
      [0, 1, 0],
    ] as const) {
      const tile = await tileBytes(pyramid, level, column, row);
      const wanted = await sharp(pyramid, { page: level })
        .extract({ left: column * 512, top: row * 512, width: 512, height: 512 })
        .raw()
        .toBuffer();
      expect(largestDifference(await pixelsOf(tile), wanted)).toBe(0);
    }
  });

  it('gives edge tiles their true size', async () => {
    const metadata = await sharp(await tileBytes(pyramid, 0, 2, 1)).metadata();
    expect([metadata.width, metadata.height]).toEqual([1301 - 1024, 777 - 512]);
    const wanted = await sharp(pyramid).extract({ left: 1024, top: 512, width: 277, height: 265 }).raw().toBuffer();
    expect(largestDifference(await pixelsOf(await tileBytes(pyramid, 0, 2, 1)), wanted)).toBeLessThan(20);
  });

  it('knows no tile outside the picture, and no picture that is not there', async () => {
    await expect(tileBytes(pyramid, 0, 3, 0)).rejects.toMatchObject({ code: 'image.not-found' });
    await expect(tileBytes(pyramid, 9, 0, 0)).rejects.toMatchObject({ code: 'image.not-found' });
    await expect(tileBytes(path('none.tif'), 0, 0, 0)).rejects.toMatchObject({ code: 'image.not-found' });
    await expect(readPyramid(path('source.png'))).rejects.toMatchObject({ code: 'file.damaged' });
  });
});

describe('cutImage', () => {
  it('answers requests on the grid with stored bytes', async () => {
    const info = await readPyramid(pyramid);
    const request = cut({ region: { x: 512, y: 0, width: 512, height: 512 }, size: { width: 512, height: 512 } });
    expect(findTile(info, request)).toEqual({ level: 0, column: 1, row: 0 });
    expect(
      Buffer.from((await cutImage(pyramid, request)).bytes).equals(Buffer.from(await tileBytes(pyramid, 0, 1, 0))),
    ).toBe(true);
    expect(findTile(info, cut({ size: { width: 326, height: 195 } }))).toEqual({ level: 2, column: 0, row: 0 });
    expect(
      findTile(info, cut({ region: { x: 1024, y: 0, width: 277, height: 777 }, size: { width: 139, height: 389 } })),
    ).toEqual({ level: 1, column: 1, row: 0 });
    for (const off of [{ rotation: 90 }, { mirror: true }, { quality: 'gray' as const }, { format: 'png' as const }])
      expect(findTile(info, { ...request, ...off })).toBeUndefined();
    expect(
      findTile(info, cut({ region: { x: 1, y: 0, width: 512, height: 512 }, size: { width: 512, height: 512 } })),
    ).toBeUndefined();
  });

  it('cuts any region at any size like the source', async () => {
    const region = { x: 133, y: 77, width: 640, height: 480 };
    for (const size of [
      { width: 640, height: 480 },
      { width: 320, height: 240 },
      { width: 100, height: 75 },
      { width: 1280, height: 960 },
    ]) {
      const { bytes, mediaType } = await cutImage(pyramid, cut({ region, size, format: 'png' }));
      const wanted = await sharp(path('source.png'))
        .extract({ left: region.x, top: region.y, width: region.width, height: region.height })
        .resize(size.width, size.height, { fit: 'fill' })
        .raw()
        .toBuffer();
      const made = await pixelsOf(bytes);
      expect([mediaType, meanDifference(made, wanted) < 5]).toEqual(['image/png', true]);
      // Nothing lies aside by as much as a pixel: shifting by one in any direction fits worse.
      for (const shift of [-1, 1, -size.width, size.width]) {
        const shifted = Buffer.concat([wanted.subarray(shift * 3), wanted.subarray(0, shift * 3)]);
        expect([size, shift, meanDifference(made, wanted) < meanDifference(made, shifted)]).toEqual([
          size,
          shift,
          true,
        ]);
      }
    }
  });

  it('mirrors, then turns', async () => {
    const square = {
      region: { x: 0, y: 0, width: 600, height: 600 },
      size: { width: 60, height: 60 },
      format: 'png' as const,
    };
    const plain = await pixelsOf((await cutImage(pyramid, cut(square))).bytes);
    const made = await pixelsOf((await cutImage(pyramid, cut({ ...square, mirror: true, rotation: 90 }))).bytes);
    /** Mirrored then turned clockwise: the pixel (x, y) comes from (59 - y, 59 - x). */
    const wanted = Buffer.alloc(plain.length);
    for (let y = 0; y < 60; y++)
      for (let x = 0; x < 60; x++)
        plain.copy(wanted, (y * 60 + x) * 3, ((59 - x) * 60 + (59 - y)) * 3, ((59 - x) * 60 + (59 - y)) * 3 + 3);
    expect(largestDifference(made, wanted)).toBe(0);
  });

  it.each([
    [{ rotation: 45, format: 'png' as const }, 'image/png', 4],
    [{ rotation: 45, format: 'jpg' as const }, 'image/jpeg', 3],
    [{ quality: 'gray' as const }, 'image/jpeg', 1],
    [{ quality: 'bitonal' as const, format: 'png' as const }, 'image/png', 1],
    [{ format: 'webp' as const }, 'image/webp', 3],
    [{ format: 'tif' as const }, 'image/tiff', 3],
  ])('%j', async (changes, mediaType, channels) => {
    const made = await cutImage(pyramid, cut({ size: { width: 200, height: 119 }, ...changes }));
    expect([made.mediaType, (await sharp(made.bytes).metadata()).channels]).toEqual([mediaType, channels]);
    if (changes.quality === 'bitonal')
      expect(new Set(await sharp(made.bytes).extractChannel(0).raw().toBuffer()).size).toBe(2);
  });

  it('refuses what would wait too long', async () => {
    configureImageCutting({ concurrent: 1, waiting: 1 });
    const requests = Array.from({ length: 4 }, () => cutImage(pyramid, cut({ size: { width: 300, height: 179 } })));
    const outcomes = await Promise.allSettled(requests);
    configureImageCutting({ concurrent: 2, waiting: 64 });
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({ reason: { code: 'request.rate-limited' } });
  });

  it('leaves the pyramid as it was', async () => {
    const before = readFileSync(pyramid);
    await cutImage(pyramid, cut({ size: { width: 99, height: 59 } }));
    expect(readFileSync(pyramid).equals(before)).toBe(true);
  });
});

describe('Gate', () => {
  it('passes its places on and counts right after failures and aborts', async () => {
    const gate = new Gate(1, 10);
    const abort = new AbortController();
    const first = gate.run(() => new Promise<string>((resolve) => setTimeout(() => resolve('first'), 20)));
    const failing = gate.run(() => Promise.reject(new Error('no')));
    const aborted = gate.run(() => Promise.resolve('never'), abort.signal);
    const last = gate.run(() => Promise.resolve('last'));
    abort.abort(new Error('gone'));
    expect(await Promise.allSettled([first, failing, aborted, last])).toMatchObject([
      { value: 'first' },
      { reason: { message: 'no' } },
      { reason: { message: 'gone' } },
      { value: 'last' },
    ]);
    expect(await gate.run(() => Promise.resolve('again'))).toBe('again');
  });
});
