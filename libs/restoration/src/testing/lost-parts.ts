import type { Box, LossFound } from '@albumen/domain';
import { normalFrom, randomFrom } from './pictures.js';

/** A loss that was drawn, with its box in pixels. */
export interface DrawnLoss {
  readonly kind: LossFound['kind'];
  readonly box: Box;
}

/**
 * Breaks corners off and tears edges of RGB levels: ragged outlines, paper fibres along them, the scanner's white or black
 * (or a mount's grey) showing through with a little noise. One to three losses, the same for the same seed.
 */
export function losePart(rgb: Float32Array, width: number, height: number, seed: number): readonly DrawnLoss[] {
  const random = randomFrom(seed);
  const noise = normalFrom(randomFrom(seed + 1));
  const shows = [252, 244, 236, 4, 12, 248][Math.floor(random() * 6)] as number;
  const side = Math.min(width, height);
  const lost: DrawnLoss[] = [];
  const corners = [0, 1, 2, 3].sort(() => random() - 0.5);
  const edges = [0, 1, 2, 3].sort(() => random() - 0.5);
  const count = 1 + Math.floor(random() * 2.4);
  for (let index = 0; index < count; index++) {
    const isCorner = random() < 0.5;
    const inPart = isCorner
      ? corner(corners[index] as number, width, height, side, random)
      : tear(edges[index] as number, width, height, side, random);
    let [left, top, right, bottom] = [width, height, 0, 0];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const depth = inPart(x, y);
        if (depth <= 0) continue;
        // The torn paper's fibres: a light seam of a pixel or two.
        const level = depth < 1.5 ? Math.min(255, shows * 0.4 + 140) : shows + 1.2 * noise();
        rgb.fill(Math.min(255, Math.max(0, level)), (y * width + x) * 3, (y * width + x) * 3 + 3);
        left = Math.min(left, x);
        top = Math.min(top, y);
        right = Math.max(right, x + 1);
        bottom = Math.max(bottom, y + 1);
      }
    if (right > left)
      lost.push({
        kind: isCorner ? 'corner' : 'tear',
        box: { x: left, y: top, width: right - left, height: bottom - top },
      });
  }
  return lost;
}

type InPart = (x: number, y: number) => number;

/** A wavering line: sums of a few sines and a jagged part, in pixels. */
function ragged(side: number, random: () => number): (at: number) => number {
  const waves = [0.06, 0.15, 0.4, 0.9].map(
    (pace) => [pace * (0.6 + random()), random() * 7, (0.006 * side) / Math.sqrt(pace * 16)] as const,
  );
  return (at) => waves.reduce((sum, [pace, phase, size]) => sum + size * Math.sin(at * pace * (300 / side) + phase), 0);
}

function corner(number: number, width: number, height: number, side: number, random: () => number): InPart {
  const [legX, legY] = [(0.06 + 0.2 * random()) * side, (0.06 + 0.2 * random()) * side];
  const edge = ragged(side, random);
  const bulge = 0.25 * (random() - 0.5);
  return (x, y) => {
    const u = (number % 2 === 0 ? x : width - 1 - x) / legX;
    const v = (number < 2 ? y : height - 1 - y) / legY;
    if (u > 1.6 || v > 1.6) return -1;
    return (1 - u - v + bulge * u * v * 4) * Math.min(legX, legY) * 0.7 + edge((u - v) * side * 0.3);
  };
}

function tear(number: number, width: number, height: number, side: number, random: () => number): InPart {
  const upright = number < 2;
  const length = upright ? width : height;
  const across = upright ? height : width;
  const start = (0.15 + 0.7 * random()) * length;
  const mouth = (0.025 + 0.05 * random()) * side;
  const depth = (0.1 + 0.25 * random()) * side;
  const lean = 0.8 * (random() - 0.5);
  const edge = ragged(side, random);
  return (x, y) => {
    const inward = number % 2 === 0 ? (upright ? y : x) : across - 1 - (upright ? y : x);
    if (inward > depth) return -1;
    const beside = Math.abs((upright ? x : y) - start - lean * inward - edge(inward) * 0.6);
    return (mouth * (1 - inward / depth)) / 2 - beside;
  };
}
