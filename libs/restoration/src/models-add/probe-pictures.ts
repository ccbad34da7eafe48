/** Interleaved samples 0..1, rows from the top. */
export interface ProbePicture {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/**
 * A picture to try a model on: ramps, bars, discs and a little noise, every channel of its own, values 0.08 to 0.92. Any
 * place of it depends on nothing but its coordinates, so that a cut-out equals the same place of a larger one.
 */
export function probePicture(
  width: number,
  height: number,
  channels: number,
  from: { readonly x: number; readonly y: number } = { x: 0, y: 0 },
): ProbePicture {
  const data = new Float32Array(width * height * channels);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [x, y] = [column + from.x, row + from.y];
      const disc = Math.hypot((x % 48) - 24, (y % 48) - 24) < 11 ? 0.16 : 0;
      const bars = Math.floor(x / 7) % 2 === 0 && y % 96 > 64 ? -0.12 : 0;
      for (let channel = 0; channel < channels; channel++) {
        const ramp = 0.5 + 0.2 * Math.sin(x / (19 + 6 * channel) + channel) * Math.cos(y / (23 + 4 * channel));
        const value = ramp + disc * (channel === 0 ? 1 : -0.6) + bars + 0.05 * (noiseAt(x, y, channel) - 0.5);
        data[(row * width + column) * channels + channel] = Math.min(0.92, Math.max(0.08, value));
      }
    }
  return { width, height, channels, data };
}

/** A picture of one value. */
export function flatPicture(width: number, height: number, channels: number, value: number): ProbePicture {
  return { width, height, channels, data: new Float32Array(width * height * channels).fill(value) };
}

/** The mean of `scale`×`scale` pixels each. */
export function reduced(picture: ProbePicture, scale: number): ProbePicture {
  if (scale === 1) return picture;
  const [width, height] = [picture.width / scale, picture.height / scale];
  const { channels } = picture;
  const data = new Float32Array(width * height * channels);
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++)
      for (let channel = 0; channel < channels; channel++) {
        const at = (Math.floor(y / scale) * width + Math.floor(x / scale)) * channels + channel;
        data[at] = (data[at] as number) + (picture.data[(y * picture.width + x) * channels + channel] as number);
      }
  for (let at = 0; at < data.length; at++) data[at] = (data[at] as number) / (scale * scale);
  return { width, height, channels, data };
}

/** Mean absolute difference of two pictures of one size; `order` takes the channels of the second in that order. */
export function meanDifference(
  a: ProbePicture,
  b: ProbePicture,
  order: readonly number[] = [],
  counts: (x: number, y: number) => boolean = () => true,
): number {
  let sum = 0;
  let samples = 0;
  for (let y = 0; y < a.height; y++)
    for (let x = 0; x < a.width; x++) {
      if (!counts(x, y)) continue;
      for (let channel = 0; channel < a.channels; channel++) {
        const at = (y * a.width + x) * a.channels;
        sum += Math.abs((a.data[at + channel] as number) - (b.data[at + (order[channel] ?? channel)] as number));
        samples += 1;
      }
    }
  return samples === 0 ? 0 : sum / samples;
}

/** A number 0..1 that belongs to a place (an integer hash). */
function noiseAt(x: number, y: number, channel: number): number {
  let value = Math.imul(x + 1, 0x27d4eb2d) ^ Math.imul(y + 1, 0x165667b1) ^ Math.imul(channel + 1, 0x9e3779b1);
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  return ((value ^ (value >>> 13)) >>> 0) / 4294967296;
}
