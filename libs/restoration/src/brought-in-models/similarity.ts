/** A point of a plane. */
export type Place = readonly [number, number];

/** Turning, scaling and moving in the plane: (a u − b v + x, b u + a v + y). */
export class Similarity {
  constructor(
    private readonly a: number,
    private readonly b: number,
    private readonly x: number,
    private readonly y: number,
  ) {}

  get scale(): number {
    return Math.hypot(this.a, this.b);
  }

  apply(u: number, v: number): [number, number] {
    return [this.a * u - this.b * v + this.x, this.b * u + this.a * v + this.y];
  }

  inverse(): Similarity {
    const square = this.a * this.a + this.b * this.b;
    const [a, b] = [this.a / square, -this.b / square];
    return new Similarity(a, b, -(a * this.x - b * this.y), -(b * this.x + a * this.y));
  }
}

/**
 * The similarity that brings `from` nearest to `to` (least squares; Umeyama 1991, in the plane). Throws `RangeError` where
 * the points of either lie in one.
 */
export function similarityBetween(from: readonly Place[], to: readonly Place[]): Similarity {
  const mean = (points: readonly Place[]): Place => [
    points.reduce((sum, [x]) => sum + x, 0) / points.length,
    points.reduce((sum, [, y]) => sum + y, 0) / points.length,
  ];
  const [middle, target] = [mean(from), mean(to)];
  let [along, across, spread] = [0, 0, 0];
  from.forEach(([fromX, fromY], at) => {
    const [toX, toY] = to[at] ?? target;
    const [u, v, x, y] = [fromX - middle[0], fromY - middle[1], toX - target[0], toY - target[1]];
    along += u * x + v * y;
    across += u * y - v * x;
    spread += u * u + v * v;
  });
  const [a, b] = [along / spread, across / spread];
  if (!(Math.hypot(a, b) > 1e-6)) throw new RangeError('Expected points apart from each other but received all in one');
  return new Similarity(a, b, target[0] - (a * middle[0] - b * middle[1]), target[1] - (b * middle[0] + a * middle[1]));
}
