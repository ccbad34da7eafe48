import type { ProtectedArea } from '@albumen/domain';
import { keptAreas } from '../picture/strokes.js';
import type { Allowance } from './net-layer.js';

/** Pixels over which a net fades in beside an area that it may not touch. */
const fadeIn = 16;

/** How much of an inventing net each pixel may take: nothing inside a protected area, all of it 16 px away. */
export function allowanceOf(
  protect: readonly ProtectedArea[],
  picture: { readonly width: number; readonly height: number },
): Allowance {
  const kept = keptAreas(protect, picture);
  return (x, y, width, height) => {
    const near = kept.filter(
      ({ left, top, right, bottom }) =>
        left - fadeIn < x + width && right + fadeIn > x && top - fadeIn < y + height && bottom + fadeIn > y,
    );
    if (near.length === 0) return null;
    return (atX, atY) =>
      near.reduce((share, { left, top, right, bottom }) => {
        const away = Math.max(left - atX, atX - right, top - atY, atY - bottom, 0);
        return Math.min(share, away / fadeIn);
      }, 1);
  };
}
