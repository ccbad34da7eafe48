import { describe, expect, it } from 'vitest';
import { contentDisposition, wantedRange } from './send-file.js';

describe('a byte range', () => {
  it.each([
    ['bytes=0-9', { start: 0, end: 9 }],
    ['bytes=90-', { start: 90, end: 99 }],
    ['bytes=-5', { start: 95, end: 99 }],
    ['bytes=50-500', { start: 50, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=9-3', 'unsatisfiable'],
    ['bytes=0-1,5-6', undefined],
    ['bytes=-', undefined],
    ['lines=1-2', undefined],
    [undefined, undefined],
  ])('%s', (header, expected) => expect(wantedRange(header, 100)).toEqual(expected));
});

describe('the name of a download', () => {
  it('keeps Vietnamese exactly and gives old clients plain letters', () => {
    expect(contentDisposition('Ảnh cưới đẹp.jpg')).toBe(
      `attachment; filename="Anh cuoi dep.jpg"; filename*=UTF-8''%E1%BA%A2nh%20c%C6%B0%E1%BB%9Bi%20%C4%91%E1%BA%B9p.jpg`,
    );
  });
  it('lets nothing break out of the header', () => {
    expect(contentDisposition('a"\r\nSet-Cookie: x=1\\.jpg')).not.toMatch(/[\r\n]|filename="[^"]*"[^;]/);
  });
});
