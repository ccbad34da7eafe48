import { afterAll, describe, expect, it } from 'vitest';
import { characterise } from './characterise.js';
import { toPlain } from './embedded-metadata.js';
import { profileDescription } from './icc-profile.js';
import { encodeGreyPng, encodePalettePng } from './png.js';
import { sharp } from './sharp-settings.js';
import { picture, samples16, scratch } from './testing/pictures.js';

const { path, remove } = scratch();
afterAll(remove);

/** A v4 profile of nothing but a localised description. */
function profileV4(records: readonly (readonly [language: string, text: string])[]): Uint8Array {
  const bodies = records.map(([, text]) => Buffer.from(text, 'utf16le').swap16());
  const head = Buffer.alloc(16 + records.length * 12);
  head.write('mluc', 0, 'latin1');
  head.writeUInt32BE(records.length, 8);
  head.writeUInt32BE(12, 12);
  let at = head.length;
  for (const [index, [language]] of records.entries()) {
    head.write(language, 16 + index * 12, 'latin1');
    head.writeUInt32BE((bodies[index] as Buffer).length, 20 + index * 12);
    head.writeUInt32BE(at, 24 + index * 12);
    at += (bodies[index] as Buffer).length;
  }
  const tag = Buffer.concat([head, ...bodies]);
  const profile = Buffer.alloc(144);
  profile.writeUInt32BE(1, 128);
  profile.write('desc', 132, 'latin1');
  profile.writeUInt32BE(144, 136);
  profile.writeUInt32BE(tag.length, 140);
  return new Uint8Array(Buffer.concat([profile, tag]));
}

describe('profileDescription', () => {
  it('reads v2, v4 in English first, and answers null for broken ones', async () => {
    const { icc } = await sharp(await picture(4, 4).withIccProfile('srgb').png().toBuffer()).metadata();
    expect(profileDescription(icc)).toMatch(/sRGB/i);
    expect(
      profileDescription(
        profileV4([
          ['viVN', 'Màu xám'],
          ['enUS', 'Grey γ 2.2'],
        ]),
      ),
    ).toBe('Grey γ 2.2');
    expect(profileDescription(profileV4([['viVN', 'Màu xám']]))).toBe('Màu xám');
    const broken = profileV4([['enUS', 'x']]);
    new DataView(broken.buffer).setUint32(140, 0xffffff);
    expect([profileDescription(broken), profileDescription(new Uint8Array(5)), profileDescription(null)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('characterise', () => {
  it('reads EXIF, IPTC-like and XMP texts of every format as plain JSON with ISO dates', async () => {
    const exif = {
      IFD0: { Artist: 'Nguyen Van A', Copyright: 'Archive' },
      IFD2: { DateTimeOriginal: '1998:07:04 10:20:30' },
    };
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"/></rdf:RDF></x:xmpmeta>';
    for (const format of ['jpeg', 'png', 'webp'] as const) {
      await picture(30, 20)
        .withExif(exif)
        .withXmp(xmp)
        .toFormat(format)
        .toFile(path(`a.${format}`));
      const { embedded } = await characterise(path(`a.${format}`));
      expect([format, embedded]).toEqual([
        format,
        expect.objectContaining({
          ifd0: expect.objectContaining({ Artist: 'Nguyen Van A' }) as unknown,
          exif: expect.objectContaining({ DateTimeOriginal: '1998-07-04T10:20:30' }) as unknown,
        }),
      ]);
      expect([format, JSON.stringify(embedded)]).toEqual([format, expect.stringContaining('image/jpeg')]);
      expect(JSON.parse(JSON.stringify(embedded))).toEqual(embedded);
    }
  });

  it('gives the facts of the contract', async () => {
    await picture(30, 20).withMetadata({ density: 300, orientation: 8 }).jpeg().toFile(path('f.jpg'));
    expect(await characterise(path('f.jpg'))).toMatchObject({
      width: 20,
      height: 30,
      depth: 8,
      bands: 3,
      colourSpace: 'srgb',
      dotsPerInch: 300,
      orientation: 8,
      pages: 1,
    });
  });
});

describe('toPlain', () => {
  it('keeps words and numbers, drops binary and endless things', () => {
    const deep: Record<string, unknown> = {};
    deep['self'] = deep;
    const plain = toPlain({
      word: 'Ảnh\0',
      number: 1.5,
      date: new Date('2020-01-02T03:04:05Z'),
      taken: '2020:01:02 03:04:05',
      day: '2020:01:02',
      blob: new Uint8Array(9),
      nan: NaN,
      many: Array.from({ length: 500 }, () => 1),
      long: 'x'.repeat(9000),
      deep,
      odd: 'a\u0007b',
      none: undefined,
      wrong: Buffer.from('Phố Hàng Giấy').toString('latin1'),
      latin: 'Café',
    });
    expect(plain).toMatchObject({
      word: 'Ảnh',
      number: 1.5,
      date: '2020-01-02T03:04:05.000Z',
      taken: '2020-01-02T03:04:05',
      day: '2020-01-02',
      odd: 'a b',
      wrong: 'Phố Hàng Giấy',
      latin: 'Café',
    });
    expect([
      Object.keys(plain).includes('blob'),
      Object.keys(plain).includes('nan'),
      (plain['many'] as unknown[]).length,
      (plain['long'] as string).length,
    ]).toEqual([false, false, 100, 4000]);
    expect(
      JSON.stringify(
        toPlain(Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 'y'.repeat(3000)]))),
      ).length,
    ).toBeLessThan(80_000);
    expect(toPlain('x')).toEqual({});
  });
});

describe('PNG writers', () => {
  it('give back the very numbers: 8 bit, 16 bit, palette', async () => {
    const grey = Uint8Array.from({ length: 70 * 50 }, (_, index) => (index * 91) % 256);
    await encodeGreyPng(grey, 70, 50, path('g8.png'));
    expect((await sharp(path('g8.png')).toColourspace('b-w').raw().toBuffer()).equals(Buffer.from(grey))).toBe(true);
    const wide = samples16(70 * 50);
    await encodeGreyPng(wide, 70, 50, path('g16.png'));
    expect(
      (await sharp(path('g16.png')).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer()).equals(
        Buffer.from(wide.buffer),
      ),
    ).toBe(true);
    const classes = Uint8Array.from({ length: 40 * 10 }, (_, index) => index % 4);
    await encodePalettePng(
      classes,
      40,
      10,
      [
        [0, 0, 0, 0],
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255, 128],
      ],
      path('p.png'),
    );
    const { data, info } = await sharp(path('p.png')).raw().toBuffer({ resolveWithObject: true });
    expect([info.channels, [...data.subarray(0, 16)]]).toEqual([
      4,
      [0, 0, 0, 0, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 128],
    ]);
    expect((await sharp(path('p.png')).metadata()).isPalette).toBe(true);
  });
  it('refuse wrong sizes and classes without a colour', async () => {
    await expect(encodeGreyPng(new Uint8Array(5), 2, 2, path('x.png'))).rejects.toThrow(/Expected 4 samples/);
    await expect(encodePalettePng(new Uint8Array([3]), 1, 1, [[0, 0, 0]], path('x.png'))).rejects.toThrow(/below 1/);
  });
});
