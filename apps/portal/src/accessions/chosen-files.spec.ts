import { describe, expect, it } from 'vitest';
import { isLeftover, kindOf } from './chosen-files';

const bytes = (...values: number[]): Uint8Array => new Uint8Array([...values, ...Array.from({ length: 16 }, () => 0)]);

describe('kindOf', () => {
  it('names pictures by their content', () => {
    expect(kindOf(bytes(0xff, 0xd8, 0xff, 0xe0))).toBe('jpeg');
    expect(kindOf(bytes(0x49, 0x49, 0x2a, 0))).toBe('tiff');
    expect(kindOf(bytes(0x4d, 0x4d, 0, 0x2b))).toBe('tiff');
    expect(kindOf(bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))).toBe('png');
    expect(kindOf(new TextEncoder().encode('RIFF....WEBPVP8 '))).toBe('webp');
  });

  it('does not name anything else', () => {
    expect(kindOf(new TextEncoder().encode('just a text file'))).toBeNull();
    expect(kindOf(new TextEncoder().encode('RIFF....WAVEfmt '))).toBeNull();
    expect(kindOf(new Uint8Array())).toBeNull();
  });
});

describe('isLeftover', () => {
  it('knows what systems leave in folders', () => {
    expect(['a/.DS_Store', 'Thumbs.db', 'x/._IMG.tif'].every(isLeftover)).toBe(true);
    expect(isLeftover('a/IMG_0270.tif')).toBe(false);
  });
});
