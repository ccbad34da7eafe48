import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { profileDescription } from '@albumen/imaging';
import { greyProfile } from '../testing/profile.js';
import { colourProfileFor } from './colour-profile.js';

const levels = Uint8Array.from({ length: 256 }, (_, level) => level);

/** A ramp of 256 greys with a profile, as a viewer that minds profiles shows it: sRGB levels, one for each grey. */
async function shown(profile: Uint8Array, bands: 1 | 3): Promise<number[]> {
  const samples = bands === 1 ? levels : Uint8Array.from({ length: 768 }, (_, at) => Math.floor(at / 3));
  const png = await sharp(samples, { raw: { width: 256, height: 1, channels: bands } })
    .toColourspace(bands === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer();
  const tagged = withProfile(png, profile);
  const { data, info } = await sharp(tagged).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return Array.from(levels, (_, place) => data[place * info.channels] ?? -1);
}

/** The PNG with that profile in it: an iCCP chunk after the header (PNG specification, 11.3.2.3). */
function withProfile(png: Buffer, profile: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from('iCCPp\0\0', 'latin1'), deflateSync(profile)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, 33), length, body, sum, png.subarray(33)]);
}

describe('the profile of a grey picture with colour laid over it', () => {
  it('is sRGB where the grey picture had none', async () => {
    const made = colourProfileFor(null);
    expect(profileDescription(made)).toBe('sRGB');
    const off = (await shown(made, 3)).map((level, place) => Math.abs(level - place));
    expect(Math.max(...off)).toBeLessThanOrEqual(1);
  });

  it.each([1.8, 2.2, 2.6])('means the same greys as the grey profile of gamma %d', async (gamma) => {
    const grey = greyProfile(gamma);
    const [before, after] = [await shown(grey, 1), await shown(colourProfileFor(grey), 3)];
    // The profile matters: without it the greys would be others.
    if (gamma !== 2.2) expect(Math.max(...before.map((level, place) => Math.abs(level - place)))).toBeGreaterThan(5);
    expect(Math.max(...before.map((level, place) => Math.abs(level - (after[place] ?? -1))))).toBeLessThanOrEqual(1);
  });

  it('is the same bytes every time, and sRGB where the profile is none of a grey picture', () => {
    expect(colourProfileFor(greyProfile(1.8))).toEqual(colourProfileFor(greyProfile(1.8)));
    expect(colourProfileFor(new Uint8Array(7))).toEqual(colourProfileFor(null));
    expect(colourProfileFor(new Uint8Array(400))).toEqual(colourProfileFor(null));
  });
});
