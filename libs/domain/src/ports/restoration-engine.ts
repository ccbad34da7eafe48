import type { DamageReport } from '../damage-report.js';
import type { Operation } from '../operations.js';
import type { ModelPins } from '../models.js';
import type { Recipe } from '../recipe.js';
import type { ModelShelf } from './model-shelf.js';
import type { AcceptedSet, ChangeNumbers, LayerFound, ReceiptBody, RegionFound } from '../restoration.js';

/** How far a run is: 0..1, the operation at work, and seconds left as far as they are known. */
export interface EngineProgress {
  readonly share: number;
  readonly doing: string;
  readonly secondsLeft: number | null;
}

/** What an `AbortSignal` offers, without naming a browser or Node type. */
export interface Cancellation {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface EngineRun {
  /** Local path of the original's bytes. */
  readonly input: string;
  /** Folder that the run writes its files into; exists and is empty. */
  readonly into: string;
  readonly signal?: Cancellation;
  readonly onProgress?: (progress: EngineProgress) => void;
}

/** What an assessment writes. */
export interface Assessment {
  readonly report: DamageReport;
  /** Palette PNG of the oriented original's size: 0 none, 1 scratch, 2 dust, 3 stain. */
  readonly maskPath: string;
}

/** A stored variant of a proposal (see `variantName`), as a pyramid ready for the image service. */
export interface VariantFile {
  readonly variant: string;
  readonly pyramidPath: string;
  readonly width: number;
  readonly height: number;
}

/**
 * A map of one step, an 8-bit PNG reduced to at most 2048 px on the long side. `change`: ΔE2000 of the step against its own
 * input, level × perLevel. `confidence`: 0 where nothing was replaced, else (level − 1) × perLevel (0..1).
 */
export interface StepMap {
  readonly kind: 'change' | 'confidence';
  readonly operation: Operation;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly perLevel: number;
}

/** Everything one run computed. Paths lie in the run's folder. */
export interface RestorationResult {
  readonly variants: readonly VariantFile[];
  readonly regions: readonly RegionFound[];
  readonly layers: readonly LayerFound[];
  readonly numbers: ChangeNumbers;
  /** 16-bit PNG (deflate), pixel value = region ordinal, 0 outside; null where there are no regions. */
  readonly regionLabelsPath: string | null;
  /** 8-bit PNG: ΔE2000 × 10, clipped at 255, proposal against original; reduced to at most 2048 px on the long side. */
  readonly changeMapPath: string;
  readonly changeMap: { readonly width: number; readonly height: number; readonly deltaEPerLevel: number };
  /** What each step changed, and how sure the replaced pixels are. */
  readonly maps?: readonly StepMap[];
  /** The proposal at full depth, with ICC profile and resolution: TIFF. */
  readonly masterPath: string;
  readonly masterMediaType: 'image/tiff';
  readonly receipt: Omit<ReceiptBody, 'restorationId' | 'originalId' | 'software' | 'recipeSha256'>;
  readonly timings: readonly { readonly part: string; readonly seconds: number }[];
}

/** The picture of an accepted set: full-depth master and its pyramid. */
export interface CompositeResult {
  readonly masterPath: string;
  readonly pyramidPath: string;
  readonly width: number;
  readonly height: number;
  readonly numbers: ChangeNumbers;
  readonly changeMapPath: string;
  readonly receipt: Omit<ReceiptBody, 'restorationId' | 'originalId' | 'software' | 'recipeSha256'>;
}

/**
 * Computes pixels in child processes with memory and time limits, so that nothing here ever blocks the caller's event
 * loop. Errors: `restoration.engine-failed`, `restoration.engine-killed` (retry), `restoration.output-not-sane`,
 * `restoration.cancelled`, `model.missing`, `model.digest-differs`.
 */
export interface RestorationEngine {
  /** What is installed: Albumen's own models, and those that were brought in and accepted. */
  pins(): Promise<ModelPins>;
  /** The models as an administrator sees them. */
  readonly shelf: ModelShelf;
  assess(run: EngineRun): Promise<Assessment>;
  /**
   * `maskPath` is the assessment's mask; regions are made from it, so that they are what the report shows. `report` is the
   * stored damage report: faces, noise and blur are taken from it; without it there are no faces and the rest is measured.
   */
  restore(
    run: EngineRun & { readonly recipe: Recipe; readonly maskPath: string; readonly report?: DamageReport },
  ): Promise<RestorationResult>;
  /**
   * Deterministic composite: the original with the accepted regions, then the accepted layers. With nothing accepted the
   * pixels equal the original's bit for bit.
   */
  compose(
    run: EngineRun & {
      readonly recipe: Recipe;
      readonly maskPath: string;
      readonly accepted: AcceptedSet;
      readonly report?: DamageReport;
    },
  ): Promise<CompositeResult>;
  close(): Promise<void>;
}
