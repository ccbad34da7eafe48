import { describe, expect, it } from 'vitest';
import { MarkCollector, type Mark } from '../picture/runs.js';
import { randomFrom } from '../testing/pictures.js';
import { sceneLines } from './scene-lines.js';

const [width, height] = [640, 480];

/** Marks of lines [x0, y0, x1, y1] of three pixels, as the damage net would give them. */
function marksOf(lines: readonly (readonly [number, number, number, number])[]): readonly Mark[] {
  const classes = new Uint8Array(width * height);
  for (const [x0, y0, x1, y1] of lines) {
    const steps = Math.ceil(Math.hypot(x1 - x0, y1 - y0)) * 2;
    for (let step = 0; step <= steps; step++) {
      const [x, y] = [Math.round(x0 + ((x1 - x0) * step) / steps), Math.round(y0 + ((y1 - y0) * step) / steps)];
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++)
          if (x + dx >= 0 && y + dy >= 0 && x + dx < width && y + dy < height) classes[(y + dy) * width + x + dx] = 1;
    }
  }
  const collector = new MarkCollector();
  for (let y = 0; y < height; y++) collector.addRow(y, classes.subarray(y * width, (y + 1) * width), null);
  return collector.marks();
}

describe('lines of the scene', () => {
  it.each([
    ['level slats', 0],
    ['slats seen from the side', 0.12],
    ['steep slats', -0.3],
  ])('are the regular parallels of a shutter: %s', (_, slope) => {
    const slats = Array.from({ length: 12 }, (_, at) => [80, 90 + at * 22, 260, 90 + at * 22 + slope * 180] as const);
    const marks = marksOf(slats);
    expect(marks).toHaveLength(12);
    expect(sceneLines(marks).size).toBe(12);
    // The net sees some of them only, and one a little off.
    const some = marksOf(
      slats.filter((_, at) => at % 4 !== 2).map(([a, b, c, d], at) => [a, b + (at % 2), c, d + (at % 2)]),
    );
    expect(sceneLines(some).size).toBe(some.length);
  });

  it('are the spokes of a wheel and the wires between poles', () => {
    const spokes = Array.from({ length: 9 }, (_, at) => {
      const angle = (at / 9) * 2 * Math.PI + 0.1;
      return [
        320 + 16 * Math.cos(angle),
        240 + 16 * Math.sin(angle),
        320 + 90 * Math.cos(angle),
        240 + 90 * Math.sin(angle),
      ] as const;
    });
    expect(sceneLines(marksOf(spokes)).size).toBe(9);
    const wires = [0, 1, 2, 3].map((at) => [10, 60 + at * 14, 630, 110 + at * 14] as const);
    expect(sceneLines(marksOf(wires)).size).toBe(4);
  });

  it('are not scratches: alone, crossing, or in an irregular bundle', () => {
    const random = randomFrom(5);
    let [all, vetoed] = [0, 0];
    for (let picture = 0; picture < 40; picture++) {
      const lines = Array.from({ length: 7 }, () => {
        const [x, y, angle, length] = [
          60 + random() * 520,
          60 + random() * 360,
          random() * Math.PI,
          40 + random() * 120,
        ];
        return [x, y, x + Math.cos(angle) * length, y + Math.sin(angle) * length] as const;
      });
      const marks = marksOf(lines);
      all += marks.length;
      vetoed += sceneLines(marks).size;
    }
    console.info(`scratches taken for lines of the scene: ${vetoed} of ${all}`);
    expect(vetoed / all).toBeLessThanOrEqual(0.03);
    // Scratches of a film's transport run one way, but at no rhythm.
    const bundle = [40, 47, 95, 190, 203, 330].map((x) => [x, 20, x + 6, 440] as const);
    expect(sceneLines(marksOf(bundle)).size).toBe(0);
  });
});
