import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { characterise } from './characterise.js';
import { decodeToWorkFile } from './decode-to-work-file.js';
import { dominantColour, encodeMaster, encodeThumbnail, reduceToBytes } from './encode.js';
import { profileDescription } from './icc-profile.js';
import { sharp } from './sharp-settings.js';
import { largestDifference, picture, pixelsOf, rgb8, samples16, scratch } from './testing/pictures.js';
import { createWorkFile, openWorkFile, workBytes, type WorkFile } from './work-file.js';

const { path, remove } = scratch();
afterAll(remove);

const rows = (work: WorkFile): Buffer => readFileSync(work.path).subarray(work.headerBytes, workBytes(work).end);
const decode = (name: string): Promise<WorkFile> => decodeToWorkFile(path(name), path(`${name}.v`));

describe('decodeToWorkFile', () => {
  it('turns and mirrors by all eight orientations', async () => {
    const [width, height] = [13, 7];
    const stored = rgb8(width, height);
    /** EXIF 2.32: where the upright pixel (x, y) lies in the stored picture. */
    const from: Record<number, (x: number, y: number) => [number, number]> = {
      1: (x, y) => [x, y],
      2: (x, y) => [width - 1 - x, y],
      3: (x, y) => [width - 1 - x, height - 1 - y],
      4: (x, y) => [x, height - 1 - y],
      5: (x, y) => [y, x],
      6: (x, y) => [y, height - 1 - x],
      7: (x, y) => [width - 1 - y, height - 1 - x],
      8: (x, y) => [width - 1 - y, x],
    };
    for (const [orientation, place] of Object.entries(from)) {
      const name = `turned-${orientation}.tif`;
      await picture(width, height)
        .withMetadata({ orientation: Number(orientation) })
        .tiff({ compression: 'lzw' })
        .toFile(path(name));
      const work = await decode(name);
      const swapped = Number(orientation) > 4;
      expect([orientation, work.width, work.height]).toEqual([
        orientation,
        swapped ? height : width,
        swapped ? width : height,
      ]);
      const expected = Buffer.alloc(stored.length);
      for (let y = 0; y < work.height; y++) {
        for (let x = 0; x < work.width; x++) {
          const [storedX, storedY] = place(x, y);
          expected.set(
            stored.subarray((storedY * width + storedX) * 3, (storedY * width + storedX) * 3 + 3),
            (y * work.width + x) * 3,
          );
        }
      }
      expect([orientation, rows(work).equals(expected)]).toEqual([orientation, true]);
      expect(await characterise(path(name))).toMatchObject({
        orientation: Number(orientation),
        width: work.width,
        height: work.height,
      });
    }
  });

  it('keeps 16 bit, ICC profile and resolution through work file and master, bit for bit', async () => {
    const samples = samples16(40 * 30 * 3);
    await sharp(samples, { raw: { width: 40, height: 30, channels: 3 } })
      .toColourspace('rgb16')
      .withIccProfile('p3')

      .tiff({ compression: 'deflate', xres: 600 / 25.4, yres: 600 / 25.4 })
      .toFile(path('deep.tif'));
    const stored = await sharp(path('deep.tif'), { ignoreIcc: true })
      .toColourspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer();
    const work = await decode('deep.tif');
    expect(work).toMatchObject({ width: 40, height: 30, bands: 3, depth: 16, hasAlpha: false, density: 600 });
    expect(rows(work).equals(stored)).toBe(true);
    await encodeMaster(work, path('master.tif'));
    const master = await sharp(path('master.tif'), { ignoreIcc: true })
      .toColourspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer();
    expect(master.equals(stored)).toBe(true);
    const facts = await characterise(path('master.tif'));
    expect(facts).toMatchObject({ depth: 16, bands: 3, colourSpace: 'rgb16', dotsPerInch: 600 });
    const { icc } = await sharp(path('master.tif')).metadata();
    expect(Buffer.from(work.icc ?? []).equals(icc ?? Buffer.alloc(0))).toBe(true);
  });

  it('keeps grey, grey with alpha, RGBA and 16-bit grey as they are', async () => {
    const shapes = [
      { name: 'grey.png', channels: 1, depth: 8, bands: 1 },
      { name: 'greyalpha.png', channels: 2, depth: 8, bands: 2 },
      { name: 'rgba.png', channels: 4, depth: 8, bands: 4 },
      { name: 'grey16.tif', channels: 1, depth: 16, bands: 1 },
      { name: 'rgba16.png', channels: 4, depth: 16, bands: 4 },
    ] as const;
    for (const { name, channels, depth, bands } of shapes) {
      const count = 20 * 10 * channels;
      const samples =
        depth === 16 ? samples16(count) : Uint8Array.from({ length: count }, (_, index) => (index * 37) % 256);
      const space = channels < 3 ? (depth === 16 ? 'grey16' : 'b-w') : depth === 16 ? 'rgb16' : 'srgb';
      await sharp(samples, { raw: { width: 20, height: 10, channels } })
        .toColourspace(space)
        .toFormat(name.endsWith('.png') ? 'png' : 'tiff', name.endsWith('.png') ? {} : { compression: 'deflate' })
        .toFile(path(name));
      const work = await decode(name);
      expect([name, work.bands, work.depth, work.hasAlpha]).toEqual([name, bands, depth, channels % 2 === 0]);
      expect([name, rows(work).equals(Buffer.from(samples.buffer))]).toEqual([name, true]);
      await encodeMaster(work, path(`${name}.master.tif`));
      const again = await decodeToWorkFile(path(`${name}.master.tif`), path(`${name}.master.v`));
      expect([name, rows(again).equals(rows(work))]).toEqual([name, true]);
    }
  });

  it('expands palettes and single bits', async () => {
    await picture(40, 30).png({ palette: true, colours: 16 }).toFile(path('palette.png'));
    expect(await decode('palette.png')).toMatchObject({ bands: 3, depth: 8 });
    await picture(40, 30)
      .toColourspace('b-w')
      .threshold(128)
      .tiff({ bitdepth: 1, compression: 'ccittfax4' })
      .toFile(path('bilevel.tif'));
    const work = await decode('bilevel.tif');
    expect(work).toMatchObject({ bands: 1, depth: 8 });
    expect([...new Set(rows(work))].sort((one, other) => one - other)).toEqual([0, 255]);
  });

  it('brings CMYK with and without profile, and Lab, into RGB', async () => {
    const red = sharp({ create: { width: 16, height: 16, channels: 3, background: '#c03020' } });
    await red.clone().toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 95 }).toFile(path('cmyk.jpg'));
    await red.clone().toColourspace('cmyk').tiff({ compression: 'lzw' }).toFile(path('cmyk.tif'));
    await red.clone().toColourspace('lab').tiff({ compression: 'lzw' }).toFile(path('lab.tif'));
    for (const name of ['cmyk.jpg', 'cmyk.tif', 'lab.tif']) {
      const work = await decode(name);
      expect([name, work.bands, work.icc]).toEqual([name, 3, null]);
      const [r = 0, g = 0, b = 0] =
        work.depth === 8
          ? rows(work)
          : Array.from({ length: 3 }, (_, index) => rows(work).readUInt16LE(index * 2) / 257);
      expect([name, Math.abs(r - 0xc0) < 40, Math.abs(g - 0x30) < 40, Math.abs(b - 0x20) < 40]).toEqual([
        name,
        true,
        true,
        true,
      ]);
    }
    expect((await characterise(path('cmyk.jpg'))).colourSpace).toBe('cmyk');
  });

  it('takes the first page of many, and pictures of one pixel', async () => {
    const pages = Buffer.concat([Buffer.alloc(10 * 5 * 3, 10), Buffer.alloc(10 * 5 * 3, 200)]);
    await sharp(pages, { raw: { width: 10, height: 10, channels: 3, pageHeight: 5 } })
      .tiff()
      .toFile(path('pages.tif'));
    const work = await decode('pages.tif');
    expect([work.height, rows(work)[0], (await characterise(path('pages.tif'))).pages]).toEqual([5, 10, 2]);
    await sharp({ create: { width: 1, height: 1, channels: 3, background: '#010203' } })
      .png()
      .toFile(path('one.png'));
    expect([...rows(await decode('one.png'))]).toEqual([1, 2, 3]);
  });

  it('refuses what cannot be read', async () => {
    writeFileSync(path('bad.jpg'), Buffer.from('ffd8ffe000', 'hex'));
    await expect(decode('bad.jpg')).rejects.toMatchObject({ code: 'file.damaged' });
    writeFileSync(path('bad.v'), Buffer.alloc(200));
    await expect(openWorkFile(path('bad.v'))).rejects.toMatchObject({ code: 'file.damaged' });
  });
});

describe('createWorkFile', () => {
  it('makes a file that strips are written into and sharp reads, with profile and resolution', async () => {
    const icc = new Uint8Array(
      (await sharp(await picture(4, 4).withIccProfile('p3').png().toBuffer()).metadata()).icc ?? [],
    );
    const shape = { width: 30, height: 20, bands: 3, depth: 8, icc, density: 300 } as const;
    const work = await createWorkFile(path('made.v'), shape);
    const file = readFileSync(work.path);
    file.set(rgb8(30, 20), work.headerBytes);
    writeFileSync(work.path, file);
    expect(await openWorkFile(work.path)).toEqual(work);
    await encodeMaster(work, path('made.tif'));
    expect((await pixelsOf(path('made.tif'))).equals(Buffer.from(rgb8(30, 20)))).toBe(true);
    expect(await characterise(path('made.tif'))).toMatchObject({ dotsPerInch: 300, profile: profileDescription(icc) });
  });
});

describe('encodeThumbnail, dominantColour, reduceToBytes', () => {
  it('never enlarges and puts alpha on white', async () => {
    await picture(900, 600).png().toFile(path('t.png'));
    expect(await encodeThumbnail(path('t.png'), path('t.jpg'), { longSide: 480 })).toMatchObject({
      width: 480,
      height: 320,
    });
    await sharp({ create: { width: 20, height: 10, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
      .png()
      .toFile(path('clear.png'));
    expect(await encodeThumbnail(path('clear.png'), path('clear.jpg'), { longSide: 480 })).toMatchObject({
      width: 20,
      height: 10,
    });
    expect(Math.min(...(await pixelsOf(path('clear.jpg'))))).toBeGreaterThan(250);
  });
  it('names the commonest colour and reduces to exact sizes', async () => {
    await sharp({ create: { width: 50, height: 50, channels: 3, background: '#203040' } })
      .png()
      .toFile(path('flat.png'));
    expect(await dominantColour(path('flat.png'))).toMatch(/^#(18|28)(28|38)(38|48)$/);
    expect(
      largestDifference(
        await reduceToBytes(path('flat.png'), { width: 3, height: 2 }, 3),
        [32, 48, 64, 32, 48, 64, 32, 48, 64, 32, 48, 64, 32, 48, 64, 32, 48, 64],
      ),
    ).toBe(0);
    expect(await reduceToBytes(path('flat.png'), { width: 3, height: 2 }, 1)).toHaveLength(6);
  });
});
