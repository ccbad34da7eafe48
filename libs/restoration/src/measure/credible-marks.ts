import { damageClasses, type Box, type CredibleDamage, type DamageClass } from '@albumen/domain';
import type { Strips } from '../picture/strips.js';
import { thicknessOf, type Mark } from '../picture/runs.js';
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
export const leastInAgeless = 6;
/** Levels of 255: less noise than this has no film and no print that was scanned. */
export const filmGrain = 1.5;
/** Dust is small: at most this share of the shorter side across, or this many pixels. */
const dustSize = { share: 0.012, least: 12 } as const;

/** A scratch is thin: at most this share of the shorter side thick, or this many pixels. Thicker ones are poles and awnings. */
const scratchThickness = { share: 0.008, least: 6 } as const;

/** What is credible as damage, by class, and the marks that are not. */
export interface Credible {
  readonly damage: Readonly<Record<DamageClass, CredibleDamage>>;
  /** Scratches and dust that a person must judge: they are shown, and no proposal fills them. */
  readonly doubtful: ReadonlySet<Mark>;
  /** How many of these are doubtful because they lie on lettering. */
  readonly onLettering: number;
}

/**
 * Tells marks that are credible as damage from those that are more likely the picture: lines of the scene, spots too large
 * for dust, bars too thick for a scratch, dust on and around a face (hats, veils and hair have its texture), what lies on
 * lettering (its strokes are scratches and its dots are dust to the net), what does not stand out, and what lies outside the
 * photograph. Marks beyond the largest that were looked at count as credible.
 */
export async function credibleMarks(
  half: Strips,
  marks: readonly Mark[],
  picture: {
    readonly width: number;
    readonly height: number;
    readonly ageless: boolean;
    /** Boxes of faces, in pixels of the picture. */
    readonly faces: readonly Box[];
    /** Boxes of lettering, in pixels of the picture. */
    readonly lettering: readonly Box[];
    /** Whether a place of the picture shows the photograph, not what it lies on. */
    readonly isPhotograph: (x: number, y: number) => boolean;
  },
): Promise<Credible> {
  const lines = sceneLines(marks);
  const onLettering = marksOn(picture.lettering, marks);
  const rest = marks.filter(
    (mark) =>
      mark.kind !== 3 &&
      !lines.has(mark) &&
      !onLettering.has(mark) &&
      !isTooLargeForDust(mark, picture) &&
      !isTooThickForScratch(mark, picture) &&
      !isDustOnFace(mark, picture.faces) &&
      shareOutside(mark, picture.isPhotograph) <= mostOutside,
  );
  const seen = await standingOut(half, rest);
  const floors = picture.ageless ? standingFloors.ageless : standingFloors.usual;
  const stands = (
    found: StandingOut | undefined,
    least: (typeof standingFloors)[keyof typeof standingFloors] = floors,
  ) => found !== undefined && found.overLevels >= least.overLevels && found.overDetail >= least.overDetail;
  const judged = rest.filter((mark) => seen.has(mark));
  const credible = judged.filter((mark) => stands(seen.get(mark)));
  const doubtful = new Set(marks.filter((mark) => mark.kind !== 3));
  // Whether a picture needs a treatment is asked more strictly than what a treatment fills.
  for (const mark of rest) if (!seen.has(mark) || stands(seen.get(mark), standingFloors.usual)) doubtful.delete(mark);
  const kept = picture.ageless && credible.length < leastInAgeless ? [] : credible;
  const damage = Object.fromEntries(
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
  return { damage, doubtful, onLettering: onLettering.size };
}

/** Share of a mark that may lie outside the photograph: what runs over its edge is the edge. */
const mostOutside = 0.3;

function shareOutside(mark: Mark, isPhotograph: (x: number, y: number) => boolean): number {
  let outside = 0;
  for (const run of mark.runs) if (!isPhotograph((run.from + run.to) >> 1, run.y)) outside += run.to - run.from;
  return outside / mark.area;
}

/** Share of a scratch or of dust that must lie on lettering to be doubted: a scratch across a whole picture may cross a caption. */
const leastOnLettering = 0.3;

function marksOn(lettering: readonly Box[], marks: readonly Mark[]): ReadonlySet<Mark> {
  return new Set(marks.filter((mark) => mark.kind !== 3 && liesOn(lettering, mark)));
}

function liesOn(lettering: readonly Box[], mark: Mark): boolean {
  const near = lettering.filter(
    ({ x, y, width, height }) => x < mark.right && x + width > mark.left && y < mark.bottom && y + height > mark.top,
  );
  if (near.length === 0) return false;
  let inside = 0;
  for (const run of mark.runs) {
    // Boxes may overlap: of a run counts what the widest of them holds.
    let most = 0;
    for (const { x, y, width, height } of near)
      if (run.y + 0.5 >= y && run.y + 0.5 < y + height)
        most = Math.max(most, Math.min(run.to, x + width) - Math.max(run.from, x));
    inside += most;
  }
  return inside >= leastOnLettering * mark.area;
}

/** Times a face's box within which dust is doubted, and how much further up: there are hair and hats. */
const aroundFace = { times: 1.6, up: 0.6 } as const;

function isDustOnFace(mark: Mark, faces: readonly Box[]): boolean {
  if (mark.kind !== 2) return false;
  const [x, y] = [(mark.left + mark.right) / 2, (mark.top + mark.bottom) / 2];
  return faces.some((face) => {
    const half = { width: (aroundFace.times * face.width) / 2, height: (aroundFace.times * face.height) / 2 };
    const middle = { x: face.x + face.width / 2, y: face.y + face.height / 2 };
    return (
      Math.abs(x - middle.x) <= half.width &&
      y <= middle.y + half.height &&
      y >= middle.y - half.height - aroundFace.up * face.height
    );
  });
}

function areaOf(marks: readonly Mark[]): number {
  return marks.reduce((sum, mark) => sum + mark.area, 0);
}

function isTooThickForScratch(mark: Mark, picture: { readonly width: number; readonly height: number }): boolean {
  const most = Math.max(scratchThickness.least, scratchThickness.share * Math.min(picture.width, picture.height));
  return mark.kind === 1 && thicknessOf(mark) > most;
}

function isTooLargeForDust(mark: Mark, picture: { readonly width: number; readonly height: number }): boolean {
  const most = Math.max(dustSize.least, dustSize.share * Math.min(picture.width, picture.height));
  return mark.kind === 2 && Math.max(mark.right - mark.left, mark.bottom - mark.top) > most;
}
