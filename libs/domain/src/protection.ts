import type { DamageReport } from './damage-report.js';
import type { ProtectedArea } from './mark-up.js';
import type { Recipe } from './recipe.js';

/** What a protected area has more than the box of its lettering on each side, in shares of the box's shorter side. */
const around = 0.15;

/**
 * What is protected unless a person says otherwise: every area of lettering or handwriting that was found, a little larger
 * than it is. Nothing where lettering was not looked for.
 */
export function protectedByDefault({
  width,
  height,
  lettering = [],
}: Pick<DamageReport, 'width' | 'height' | 'lettering'>): ProtectedArea[] {
  return lettering.map(({ box }) => {
    const more = around * Math.min(box.width, box.height);
    const [left, top] = [Math.max(0, box.x - more), Math.max(0, box.y - more)];
    const right = Math.min(width, box.x + box.width + more);
    const bottom = Math.min(height, box.y + box.height + more);
    return {
      x: rounded(left / width),
      y: rounded(top / height),
      width: rounded((right - left) / width),
      height: rounded((bottom - top) / height),
      reason: 'lettering',
    };
  });
}

/** The recipe for a picture with this report: as it is where it says itself what is protected, else with what is by default. */
export function guarded(recipe: Recipe, report: Pick<DamageReport, 'width' | 'height' | 'lettering'>): Recipe {
  const protect = protectedByDefault(report);
  return recipe.protect !== undefined || recipe.steps.length === 0 || protect.length === 0
    ? recipe
    : { ...recipe, protect };
}

/** To a millionth, downwards: what began inside the picture ends inside it. */
function rounded(share: number): number {
  return Math.floor(share * 1e6) / 1e6;
}
