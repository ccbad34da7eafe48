import { describe, expect, it } from 'vitest';
import { imageInfo } from './image-info.js';
import { parseImageRequest } from './image-request.js';
import { resolveImageRequest, type ImageLimits } from './resolve-request.js';

const picture: ImageLimits = { width: 6000, height: 4000 };
const ask = (region: string, size: string, rotation = '0', file = 'default.jpg', limits = picture) =>
  resolveImageRequest(parseImageRequest({ region, size, rotation, file }), limits);
const box = (region: string) => Object.values(ask(region, 'max').region);
const extent = (size: string, region = 'full', limits = picture) =>
  Object.values(ask(region, size, '0', 'default.jpg', limits).size);

describe('region', () => {
  it.each([
    ['full', [0, 0, 6000, 4000]],
    ['square', [1000, 0, 4000, 4000]],
    ['10,20,30,40', [10, 20, 30, 40]],
    ['5900,3900,512,512', [5900, 3900, 100, 100]],
    ['pct:10,10,50,50', [600, 400, 3000, 2000]],
    ['pct:90,90,50,50', [5400, 3600, 600, 400]],
    ['pct:33.3333,0,.5,100', [2000, 0, 30, 4000]],
  ])('%s', (region, expected) => expect(box(region)).toEqual(expected));

  it.each([
    '6000,0,10,10',
    '0,4000,1,1',
    '0,0,0,10',
    '0,0,10,0',
    '-1,0,10,10',
    '0,0,10',
    '0.5,0,10,10',
    'pct:101,0,1,1',
    'pct:0,0,0,1',
    'Full',
    '',
    '1,1,1,1,1',
    'pct:1e1,0,1,1',
  ])('refuses %j', (region) => expect(() => ask(region, 'max')).toThrow(/image request/));
});

describe('size', () => {
  it.each([
    ['max', [6000, 4000]],
    ['600,', [600, 400]],
    [',400', [600, 400]],
    ['pct:10', [600, 400]],
    ['100,300', [100, 300]],
    ['!100,100', [100, 67]],
    ['!12000,12000', [6000, 4000]],
    ['^12000,', [12000, 8000]],
    ['^pct:150', [9000, 6000]],
    ['^!9000,9000', [9000, 6000]],
    ['1,', [1, 1]],
    ['^max', [6000, 4000]],
  ])('%s', (size, expected) => expect(extent(size)).toEqual(expected));

  it.each([
    '6001,',
    ',4001',
    '6001,10',
    'pct:101',
    'pct:0',
    '0,',
    ',0',
    '!0,10',
    ',',
    '!10,',
    'full',
    '^',
    '10',
    '-1,',
    '10.5,',
    '^^max',
    '',
  ])('refuses %j', (size) => expect(() => extent(size)).toThrow(/image request/));

  it('keeps to the limits: max shrinks, ^max grows to them, anything larger is refused', () => {
    const limits = { ...picture, maxWidth: 3000, maxHeight: 3000 };
    expect([
      extent('max', 'full', limits),
      extent('^max', '0,0,100,50', limits),
      extent('!5000,5000', 'full', limits),
    ]).toEqual([
      [3000, 2000],
      [3000, 1500],
      [3000, 2000],
    ]);
    expect(() => extent('3001,', 'full', limits)).toThrow(/maxWidth/);
    const area = { ...picture, maxArea: 6_000_000 };
    expect(extent('max', 'full', area)).toEqual([3000, 2000]);
    expect(() => extent('pct:60', 'full', area)).toThrow(/maxArea/);
  });
});

describe('rotation, quality and format', () => {
  it.each([
    ['0', false, 0],
    ['!90', true, 90],
    ['22.5', false, 22.5],
    ['360', false, 0],
    ['.5', false, 0.5],
  ] as const)('rotation %s', (text, mirror, rotation) =>
    expect(ask('full', 'max', text)).toMatchObject({ mirror, rotation }),
  );
  it.each(['361', '-1', 'a', '', '!', '1e2', '90!'])('refuses rotation %j', (rotation) =>
    expect(() => ask('full', 'max', rotation)).toThrow(/rotation/),
  );
  it.each(['default.jpg', 'color.png', 'gray.webp', 'bitonal.tif'])('takes %s', (file) =>
    expect(() => ask('full', 'max', '0', file)).not.toThrow(),
  );
  it.each(['default', 'default.gif', 'native.jpg', 'default.jpg.png', '.jpg', 'default.JPG'])('refuses %j', (file) =>
    expect(() => ask('full', 'max', '0', file)).toThrow(/image request/),
  );
});

describe('canonical form', () => {
  it.each([
    ['0,0,6000,4000', '6000,4000', '0', 'color.jpg', 'full/max/0/default.jpg'],
    ['pct:0,0,50,50', 'pct:50', '!90.0', 'gray.png', '0,0,3000,2000/1500,1000/!90/gray.png'],
    ['full', '^12000,', '0', 'default.jpg', 'full/^12000,8000/0/default.jpg'],
    ['full', '!500,500', '360', 'default.jpg', 'full/500,333/0/default.jpg'],
  ])('%s/%s/%s/%s', (region, size, rotation, file, canonical) => {
    expect(ask(region, size, rotation, file).canonical).toBe(canonical);
    const [one, two, three, four] = canonical.split('/') as [string, string, string, string];
    expect(ask(one, two, three, four).canonical).toBe(canonical);
  });
});

describe('imageInfo', () => {
  it('names tiles, sizes that the limits allow, and what goes beyond level 2', () => {
    const levels = [1, 2, 4].map((scaleFactor) => ({
      width: 6000 / scaleFactor,
      height: 4000 / scaleFactor,
      scaleFactor,
    }));
    const info = imageInfo({
      id: 'https://archive.example/iiif/image/1',
      width: 6000,
      height: 4000,
      tileSize: 512,
      levels,
      maxWidth: 3000,
    });
    expect(info).toMatchObject({
      '@context': 'http://iiif.io/api/image/3/context.json',
      protocol: 'http://iiif.io/api/image',
      profile: 'level2',
      maxWidth: 3000,
      sizes: [
        { width: 1500, height: 1000 },
        { width: 3000, height: 2000 },
      ],
      tiles: [{ width: 512, height: 512, scaleFactors: [1, 2, 4] }],
    });
    expect(Object.keys(info)[0]).toBe('@context');
    expect('rights' in info || 'maxArea' in info).toBe(false);
  });
});
