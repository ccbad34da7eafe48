import { describe, expect, it } from 'vitest';
import { deltaE2000, labOf, lightnessOf } from './delta-e.js';

/** Sharma, Wu and Dalal (2005), table 1: L1 a1 b1, L2 a2 b2, ΔE00. */
const published = `
50 2.6772 -79.7751 50 0 -82.7485 2.0425
50 3.1571 -77.2803 50 0 -82.7485 2.8615
50 2.8361 -74.0200 50 0 -82.7485 3.4412
50 -1.3802 -84.2814 50 0 -82.7485 1.0000
50 -1.1848 -84.8006 50 0 -82.7485 1.0000
50 -0.9009 -85.5211 50 0 -82.7485 1.0000
50 0 0 50 -1 2 2.3669
50 -1 2 50 0 0 2.3669
50 2.4900 -0.0010 50 -2.4900 0.0009 7.1792
50 2.4900 -0.0010 50 -2.4900 0.0010 7.1792
50 2.4900 -0.0010 50 -2.4900 0.0011 7.2195
50 2.4900 -0.0010 50 -2.4900 0.0012 7.2195
50 -0.0010 2.4900 50 0.0009 -2.4900 4.8045
50 -0.0010 2.4900 50 0.0010 -2.4900 4.8045
50 -0.0010 2.4900 50 0.0011 -2.4900 4.7461
50 2.5 0 50 0 -2.5 4.3065
50 2.5 0 73 25 -18 27.1492
50 2.5 0 61 -5 29 22.8977
50 2.5 0 56 -27 -3 31.9030
50 2.5 0 58 24 15 19.4535
50 2.5 0 50 3.1736 0.5854 1.0000
50 2.5 0 50 3.2972 0 1.0000
50 2.5 0 50 1.8634 0.5757 1.0000
50 2.5 0 50 3.2592 0.3350 1.0000
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082`
  .trim()
  .split('\n')
  .map((line) => line.split(' ').map(Number) as [number, number, number, number, number, number, number]);

describe('CIEDE2000', () => {
  it('gives the published differences', () => {
    expect(published).toHaveLength(34);
    for (const [L1, a1, b1, L2, a2, b2, expected] of published)
      expect(deltaE2000(L1, a1, b1, L2, a2, b2)).toBeCloseTo(expected, 4);
  });

  it('is symmetric and zero for equal colours', () => {
    for (const [L1, a1, b1, L2, a2, b2] of published) {
      expect(deltaE2000(L2, a2, b2, L1, a1, b1)).toBeCloseTo(deltaE2000(L1, a1, b1, L2, a2, b2), 9);
      expect(deltaE2000(L1, a1, b1, L1, a1, b1)).toBe(0);
    }
  });
});

/** The formula as it is published, with angles. */
function byAngles(L1: number, a1: number, b1: number, L2: number, a2: number, b2: number): number {
  const rad = Math.PI / 180;
  const hue = (a: number, b: number): number => (a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / rad + 360) % 360);
  const share = (c: number): number => Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const g = 1 + 0.5 * (1 - share((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [c1, c2] = [Math.hypot(g * a1, b1), Math.hypot(g * a2, b2)];
  const [h1, h2] = [hue(g * a1, b1), hue(g * a2, b2)];
  let dh = 0;
  let mean = h1 + h2;
  if (c1 * c2 !== 0) {
    dh = h2 - h1 > 180 ? h2 - h1 - 360 : h2 - h1 < -180 ? h2 - h1 + 360 : h2 - h1;
    mean = Math.abs(h1 - h2) <= 180 ? mean / 2 : mean < 360 ? (mean + 360) / 2 : (mean - 360) / 2;
  }
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin((dh / 2) * rad);
  const [L, c] = [(L1 + L2) / 2 - 50, (c1 + c2) / 2];
  const cos = (angle: number): number => Math.cos(angle * rad);
  const t = 1 - 0.17 * cos(mean - 30) + 0.24 * cos(2 * mean) + 0.32 * cos(3 * mean + 6) - 0.2 * cos(4 * mean - 63);
  const turn = Math.sin(60 * rad * Math.exp(-(((mean - 275) / 25) ** 2)));
  const [l, x, y] = [
    (L2 - L1) / (1 + (0.015 * L * L) / Math.sqrt(20 + L * L)),
    (c2 - c1) / (1 + 0.045 * c),
    dH / (1 + 0.015 * c * t),
  ];
  return Math.sqrt(l * l + x * x + y * y - 2 * share(c) * turn * x * y);
}

describe('CIEDE2000 without angles', () => {
  it('is the published formula all round the hues, near and far', () => {
    let [most, count] = [0, 0];
    for (let hue = 0; hue < 360; hue += 7)
      for (const chroma of [0, 0.02, 3, 25, 90])
        for (const turn of [0, 0.001, 4, 50, 130, 179, -175])
          for (const [lift, stretch] of [
            [0, 1.02],
            [0.4, 0.5],
            [30, 2],
          ] as const) {
            const [one, other] = [(hue * Math.PI) / 180, ((hue + turn) * Math.PI) / 180];
            const [L1, a1, b1] = [45, chroma * Math.cos(one), chroma * Math.sin(one)];
            const [a2, b2] = [stretch * chroma * Math.cos(other), stretch * chroma * Math.sin(other)];
            const expected = byAngles(L1, a1, b1, L1 + lift, a2, b2);
            most = Math.max(most, Math.abs(deltaE2000(L1, a1, b1, L1 + lift, a2, b2) - expected));
            count += 1;
          }
    expect(count).toBeGreaterThan(5000);
    expect(most).toBeLessThan(1e-4);
  });
});

describe('CIELAB of sRGB', () => {
  it('puts white, black and red where they belong', () => {
    const lab = new Float64Array(3);
    labOf(255, 255, 255, lab, 0);
    expect(lab[0]).toBeCloseTo(100, 2);
    expect(Math.hypot(lab[1] as number, lab[2] as number)).toBeLessThan(0.05);
    labOf(0, 0, 0, lab, 0);
    expect(lab[0]).toBeCloseTo(0, 5);
    labOf(255, 0, 0, lab, 0);
    expect(lab[0]).toBeCloseTo(53.24, 1);
    expect(lab[1]).toBeCloseTo(80.09, 1);
    expect(lab[2]).toBeCloseTo(67.2, 1);
  });

  it('knows the L* of mid grey', () => {
    expect(lightnessOf(119)).toBeCloseTo(50.03, 1);
  });
});
