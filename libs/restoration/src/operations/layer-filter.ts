import type { FaceFound, ProtectedArea, RecipeStep, Tonality } from '@albumen/domain';
import type { Reduced } from '../measure/survey.js';
import type { Samples, Shape } from '../picture/strips.js';

/** What a classical layer may look at while it plans: always the undamaged cells of the original, never what is accepted. */
export interface PlanContext {
  readonly step: RecipeStep;
  readonly shape: Shape;
  /** The original reduced by a whole factor, RGB in levels of 255. */
  readonly reduced: Reduced;
  /** Cells of the reduced copy without damage: 1 usable. */
  readonly usable: Uint8Array;
  readonly tonality: Tonality;
  /** Faces of the damage report; empty where none were found or looked for. */
  readonly faces: readonly FaceFound[];
  readonly protect: readonly ProtectedArea[];
  /** Noise of the picture on the luma (levels of 255): what an earlier step left of the report's; and the report's blur (sigma, pixels). */
  readonly noise: number;
  readonly blur: number;
}

/**
 * A whole-picture step at full strength, by strips. Deterministic and local: what a row becomes depends on the rows within
 * `halo` of it and on the plan, never on how the picture is cut.
 */
export interface LayerFilter {
  /** Rows that a strip needs above and below its own (mirrored at the picture's edge by the caller). */
  readonly halo: number;
  /** Numbers that the plan took from the picture, for the receipt. */
  readonly facts: Readonly<Record<string, number>>;
  /**
   * `strip`: rows y − halo … y + rows + halo, interleaved, of the shape's width, bands and depth. Answers `rows` rows at
   * full strength; alpha is copied. Blending by the step's strength and checking for sanity are the caller's.
   */
  apply(strip: Samples, y: number, rows: number): Samples;
}

/** Plans a filter; null where the step has nothing to do on this picture (no face, no hint). */
export type LayerPlanner = (context: PlanContext) => LayerFilter | null;
