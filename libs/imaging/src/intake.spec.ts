import { readFileSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { intakeLimits, Refusal } from '@albumen/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDecoders, decodeFully } from './decode-fully.js';
import { inspectIncoming } from './inspect-incoming.js';
import { pixelLimit, sharp } from './sharp-settings.js';
import { sniffMedia } from './sniff-media.js';
import { picture, scratch } from './testing/pictures.js';

const { path, remove } = scratch();
afterAll(() => {
  closeDecoders();
  remove();
});

async function refusal(work: Promise<unknown>): Promise<{ code: string; details: unknown }> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Refusal)) throw error ?? new Error('Expected a refusal but nothing was refused');
  return { code: error.code, details: error.details };
}

/** A PNG whose header claims any size, with the given raw rows. */
function png(width: number, height: number, colourType: number, bits: number, interlace: number, raw: Buffer): Buffer {
  const chunk = (name: string, body: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(body.length);
    ends.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, colourType, 0, 0, interlace], 8);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts]);
}

const pngOfZeros = (width: number, height: number, colourType: number, bits: number, interlace = 0): Buffer =>
  png(width, height, colourType, bits, interlace, Buffer.alloc(1000));

/** A whole black 1-bit PNG in Adam7 order: 18 kB that must be held whole, one byte a pixel. */
function interlacedPng(width: number, height: number): Buffer {
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  const bytes = passes.reduce(
    (sum, [x, y, stepX, stepY]) => sum + Math.ceil((height - y) / stepY) * (1 + Math.ceil((width - x) / stepX / 8)),
    0,
  );
  return png(width, height, 0, 1, 1, Buffer.alloc(bytes));
}

describe('sniffMedia', () => {
  const text = (words: string): Uint8Array => new TextEncoder().encode(words);
  const hex = (digits: string): Uint8Array => Buffer.from(digits, 'hex');
  it.each<[string, Uint8Array, string | null, boolean]>([
    ['JPEG', hex('ffd8ffe000104a464946'), 'image/jpeg', true],
    ['PNG', hex('89504e470d0a1a0a0000000d49484452'), 'image/png', true],
    ['TIFF', hex('49492a0008000000'), 'image/tiff', true],
    ['TIFF', hex('4d4d002a00000008'), 'image/tiff', true],
    ['TIFF', hex('49492b0008000000'), 'image/tiff', true],
    ['WebP', text('RIFF\0\0\0\0WEBPVP8 '), 'image/webp', true],
    ['GIF', text('GIF89a'), null, true],
    ['SVG', text('<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'), null, true],
    ['SVG', text('\uFEFF  <svg>'), null, true],
    ['HEIC', text('\0\0\0\x18ftypheic'), null, true],
    ['JPEG 2000', hex('0000000c6a5020200d0a870a'), null, true],
    ['camera raw', hex('49492a00100000004352020000000000'), null, true],
    ['camera raw (DNG)', hex('49492a0008000000010012c6010004000000010400000000'), null, true],
    ['a PDF document', text('%PDF-1.7'), null, false],
    ['a ZIP archive or office document', hex('504b030414000000'), null, false],
    ['a text file', text('Ảnh gia đình, 1921'), null, false],
    ['a web page', text('<!DOCTYPE html><html></html>'), null, false],
    ['an empty file', new Uint8Array(), null, false],
    ['unknown data', hex('0001020304050607'), null, false],
  ])('calls it %s', (name, bytes, mediaType, isPicture) => {
    expect(sniffMedia(bytes)).toEqual({ name, mediaType, picture: isPicture });
  });
});

describe('inspectIncoming', () => {
  const inspect = async (name: string, bytes: Uint8Array) => {
    writeFileSync(path(name), bytes);
    return inspectIncoming(path(name), { bytes: bytes.length });
  };

  it('reads size, pages and how each format decodes', async () => {
    const source = picture(60, 40);
    const files = {
      'a.jpg': await source.clone().jpeg().toBuffer(),
      'p.jpg': await source.clone().jpeg({ progressive: true }).toBuffer(),
      'a.png': await source.clone().png().toBuffer(),
      'i.png': await source.clone().png({ progressive: true }).toBuffer(),
      'a.webp': await source.clone().webp().toBuffer(),
      'l.webp': await source.clone().webp({ lossless: true }).toBuffer(),
      'a.tif': await source.clone().tiff({ compression: 'lzw' }).toBuffer(),
      'big.tif': await source.clone().tiff({ compression: 'lzw', bigtiff: true }).toBuffer(),
    };
    const answers = await Promise.all(Object.entries(files).map(([name, bytes]) => inspect(name, bytes)));
    expect(answers.map(({ width, height, pages }) => [width, height, pages])).toEqual(answers.map(() => [60, 40, 1]));
    expect(answers.map(({ sequential }) => sequential)).toEqual([true, false, true, false, false, false, true, true]);
  });

  it('counts the pages of a TIFF and the frames of a WebP', async () => {
    const pages = await sharp(Buffer.alloc(30 * 60 * 3, 99), {
      raw: { width: 30, height: 60, channels: 3, pageHeight: 20 },
    })
      .tiff()
      .toBuffer();
    expect(await inspect('pages.tif', pages)).toMatchObject({ width: 30, height: 20, pages: 3 });
    const frames = await sharp(Buffer.from(Uint8Array.from({ length: 30 * 60 * 3 }, (_, index) => index % 251)), {
      raw: { width: 30, height: 60, channels: 3, pageHeight: 20 },
    })
      .webp()
      .toBuffer();
    expect(await inspect('frames.webp', frames)).toMatchObject({ width: 30, height: 20, pages: 3 });
  });

  it.each([
    ['empty.jpg', Buffer.alloc(0), 'file.empty'],
    ['text.jpg', Buffer.from('not a picture'), 'file.not-a-picture'],
    [
      'svg.jpg',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="/etc/passwd"/></svg>'),
      'file.media-not-accepted',
    ],
    ['bomb8.png', pngOfZeros(16_000, 16_000, 0, 8), 'file.expands-too-much'],
    ['bomb16.png', pngOfZeros(16_000, 16_000, 6, 16), 'file.expands-too-much'],
    ['vast.png', pngOfZeros(100_000, 100_000, 2, 8), 'file.too-many-pixels'],
    ['interlaced.png', pngOfZeros(20_000, 20_000, 2, 8, 1), 'file.too-many-pixels'],
    ['nosize.png', pngOfZeros(0, 10, 2, 8), 'file.damaged'],
    ['colour.png', pngOfZeros(10, 10, 5, 8), 'file.damaged'],
    ['noframe.jpg', Buffer.from('ffd8ffe00004000effd9', 'hex'), 'file.damaged'],
    ['short.jpg', Buffer.from('ffd8ffe0', 'hex'), 'file.damaged'],
    ['loop.tif', Buffer.from('49492a0008000000010000010300010000000a00000008000000', 'hex'), 'file.damaged'],
    ['far.tif', Buffer.from('49492a00ffffff7f', 'hex'), 'file.damaged'],
    ['none.tif', Buffer.from('49492a0000000000', 'hex'), 'file.damaged'],
    ['short.webp', Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'), 'file.damaged'],
  ])('refuses %s', async (name, bytes, code) => {
    expect((await refusal(inspect(name, bytes))).code).toBe(code);
  });

  it('says what it found', async () => {
    expect(await refusal(inspect('x.jpg', Buffer.from('GIF89a......')))).toEqual({
      code: 'file.media-not-accepted',
      details: { found: 'GIF' },
    });
  });

  it('takes a 16000×16000 RGBA bomb of 2 MB for what it is', async () => {
    const bomb = Buffer.concat([pngOfZeros(16_000, 16_000, 6, 16), Buffer.alloc(2_000_000)]);
    expect((await refusal(inspect('bomb2mb.png', bomb))).code).toBe('file.expands-too-much');
  });
});

describe('decodeFully', () => {
  const source = picture(900, 700);
  const files: Record<string, Buffer> = {};
  beforeAll(async () => {
    files['a.jpg'] = await source.clone().jpeg({ quality: 92 }).toBuffer();
    files['p.jpg'] = await source.clone().jpeg({ progressive: true }).toBuffer();
    files['a.tif'] = await source.clone().tiff({ compression: 'lzw' }).toBuffer();
    files['a.png'] = await source.clone().png().toBuffer();
    files['a.webp'] = await source.clone().webp().toBuffer();
    for (const [name, bytes] of Object.entries(files)) {
      writeFileSync(path(name), bytes);
      writeFileSync(path(`half-${name}`), bytes.subarray(0, Math.floor(bytes.length / 2)));
      writeFileSync(path(`nearly-${name}`), bytes.subarray(0, bytes.length - 40));
    }
  });

  it('reads whole files of every format, upright', async () => {
    for (const name of Object.keys(files))
      expect(await decodeFully(path(name))).toMatchObject({ width: 900, height: 700, pages: 1 });
    await source.clone().withMetadata({ orientation: 6 }).jpeg().toFile(path('turned.jpg'));
    expect(await decodeFully(path('turned.jpg'))).toMatchObject({ width: 700, height: 900 });
  });

  it('refuses every truncated file', async () => {
    for (const name of Object.keys(files)) {
      for (const cut of ['half', 'nearly'])
        expect([name, cut, (await refusal(decodeFully(path(`${cut}-${name}`)))).code]).toEqual([
          name,
          cut,
          'file.damaged',
        ]);
    }
  });

  it('refuses a page that is broken behind a good one', async () => {
    const pages = await sharp(
      Buffer.from(Uint8Array.from({ length: 100 * 300 * 3 }, (_, index) => (index * 31) % 251)),
      { raw: { width: 100, height: 300, channels: 3, pageHeight: 100 } },
    )
      .tiff({ compression: 'lzw' })
      .toBuffer();
    writeFileSync(path('pages.tif'), pages);
    expect(await decodeFully(path('pages.tif'))).toMatchObject({ pages: 3, height: 100 });
    const inspected = await inspectIncoming(path('pages.tif'), { bytes: pages.length });
    expect(inspected.pages).toBe(3);
    pages.fill(0xff, Math.floor(pages.length * 0.72), Math.floor(pages.length * 0.9));
    writeFileSync(path('broken.tif'), pages);
    expect((await refusal(decodeFully(path('broken.tif')))).code).toBe('file.damaged');
  });

  it('stops at the limits on time and memory, in the child only, and goes on with the next file', async () => {
    expect((await refusal(decodeFully(path('a.jpg'), { seconds: 0.001 }))).code).toBe('file.decode-timeout');
    writeFileSync(path('heavy.png'), interlacedPng(12_000, 12_000));
    expect((await refusal(decodeFully(path('heavy.png'), { memoryBytes: 150_000_000 }))).code).toBe(
      'file.decode-memory',
    );
    expect(await decodeFully(path('a.jpg'), { memoryBytes: 150_000_000 })).toMatchObject({ width: 900 });
  });

  it('is killed when nobody wants the answer any more', async () => {
    const abort = new AbortController();
    const work = decodeFully(path('p.jpg'), { signal: abort.signal });
    abort.abort(new Error('gone'));
    await expect(work).rejects.toThrow('gone');
  });

  it('keeps the pixel limit of intake in every reading, the child included', () => {
    expect(pixelLimit).toBe(intakeLimits.maxPixelsSequential);
    const child = readFileSync(new URL('./child/decode.ts', import.meta.url), 'utf8');
    expect(Number(/pixelLimit = ([\d_]+);/.exec(child)?.[1]?.replaceAll('_', ''))).toBe(
      intakeLimits.maxPixelsSequential,
    );
  });

  it('never touches the file', async () => {
    await decodeFully(path('a.tif'));
    expect(readFileSync(path('a.tif')).equals(files['a.tif'] as Buffer)).toBe(true);
  });
});
