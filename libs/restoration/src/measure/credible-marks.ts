import { damageClasses, type CredibleDamage, type DamageClass } from '@albumen/domain';
import type { Strips } from '../picture/strips.js';
import type { Mark } from '../picture/runs.js';
import { sceneLines } from './scene-lines.js';
import { standingOut, type StandingOut } from './standing-out.js';

/**
 * How far a mark must stand out to count for a proposal: usually, and in a picture without any other sign of age (no
 * grain, no fading, in colour), where a fine line is first of all a line of the scene.
 */
export const standingFloors = {
  usual: { overLevels: 0.7, overDetail: 1 },
  ageless: { overLevels: 1.5, overDetail: 2 },
} as const;
/** In a picture without signs of age fewer marks than this are no damage yet. */
export const leastInAgeless = 3;
/** Levels of 255: less noise than this has no film and no print that was scanned. */
export const filmGrain = 1.5;
/** Dust is small: at most this share of the shorter side across, or this many pixels. */
const dustSize = { share: 0.012, least: 12 } as const;

/** Marks that are credible as damage, by class; the others stay in the overlay for a person to judge. */
export async function credibleMarks(
  half: Strips,
  marks: readonly Mark[],
  picture: { readonly width: number; readonly height: number; readonly ageless: boolean },
): Promise<Readonly<Record<DamageClass, CredibleDamage>>> {
  const lines = sceneLines(marks);
  const rest = marks.filter((mark) => mark.kind !== 3 && !lines.has(mark) && !isTooLargeForDust(mark, picture));
  const seen = await standingOut(half, rest);
  const floors = picture.ageless ? standingFloors.ageless : standingFloors.usual;
  const stands = (found: StandingOut | undefined): boolean =>
    found !== undefined && found.overLevels >= floors.overLevels && found.overDetail >= floors.overDetail;
  const judged = rest.filter((mark) => seen.has(mark));
  const credible = judged.filter((mark) => stands(seen.get(mark)));
  const kept = picture.ageless && credible.length < leastInAgeless ? [] : credible;
  return Object.fromEntries(
    damageClasses.map((name, index) => {
      const own = kept.filter((mark) => mark.kind === index + 1);
      // Marks beyond the largest that were looked at are as credible as those that were.
      const beyond = rest.filter((mark) => mark.kind === index + 1 && !seen.has(mark));
      const looked = judged.filter((mark) => mark.kind === index + 1).length;
      const share = looked === 0 ? 0 : own.length / looked;
      const area = areaOf(own) + areaOf(beyond) * share;
      return [
        name,
        {
          share: Math.round((area / (picture.width * picture.height)) * 1e7) / 1e7,
          count: own.length + Math.round(beyond.length * share),
        },
      ];
    }),
  ) as Record<DamageClass, CredibleDamage>;
}

function areaOf(marks: readonly Mark[]): number {
  return marks.reduce((sum, mark) => sum + mark.area, 0);
}

function isTooLargeForDust(mark: Mark, picture: { readonly width: number; readonly height: number }): boolean {
  const most = Math.max(dustSize.least, dustSize.share * Math.min(picture.width, picture.height));
  return mark.kind === 2 && Math.max(mark.right - mark.left, mark.bottom - mark.top) > most;
}
