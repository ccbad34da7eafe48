import { damageClasses } from './damage-report.js';
import { factsOf, operationNames, type Operation } from './operations.js';

/** Life of a restoration; `not-needed` is a result of its own, with its numbers in the damage report. */
export const restorationStatuses = [
  'requested',
  'running',
  'proposed',
  'approved',
  'rejected',
  'rework',
  'failed',
  'cancelled',
] as const;
export type RestorationStatus = (typeof restorationStatuses)[number];

/** Allowed moves. Everything else is refused. `proposed` may be reached again by an undo. */
export const restorationMoves: Readonly<Record<RestorationStatus, readonly RestorationStatus[]>> = {
  requested: ['running', 'cancelled', 'failed'],
  running: ['running', 'proposed', 'failed', 'cancelled'],
  proposed: ['approved', 'rejected', 'rework'],
  approved: ['proposed'],
  rejected: ['proposed'],
  rework: ['proposed'],
  failed: ['requested'],
  cancelled: ['requested'],
};

/** True where a restoration may go from one status to another. */
export function mayMove(from: RestorationStatus, to: RestorationStatus): boolean {
  return restorationMoves[from].includes(to);
}

/** A person's word on a layer or a region. Undecided counts as accepted in the preview and must be settled by the approval. */
export type Acceptance = 'undecided' | 'accepted' | 'rejected';

/** Pixel rectangle on the oriented original (orientation applied), top left origin. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a region is made of: a class of damage, or marks that a person drew. */
export const regionKinds = [...damageClasses, 'drawn'] as const;
export type RegionKind = (typeof regionKinds)[number];

/** A connected area that a local step changed, as the engine reports it. */
export interface RegionFound {
  /** 1-based number; it is the pixel value of the area in the label picture. */
  readonly ordinal: number;
  readonly operation: Operation;
  readonly kind: RegionKind;
  readonly box: Box;
  /** Changed pixels. */
  readonly area: number;
  /** Mean mask probability, 0..1. */
  readonly confidence: number;
  /** Mean ΔE2000 between original and result inside the area. */
  readonly meanDeltaE: number;
}

/** A whole-picture step, as the engine reports it: how far it moved the picture (ΔE2000 against its own input). */
export interface LayerFound {
  readonly operation: Operation;
  readonly strength: number;
  readonly meanDeltaE: number;
  readonly maxDeltaE: number;
  /** Share of pixels that moved by more than 2.3 ΔE (a just noticeable difference), 0..1. */
  readonly shareMoved: number;
}

/** Two numbers, never one: what was replaced, and how far the whole picture moved. */
export interface ChangeNumbers {
  /** Share of the picture's pixels inside regions, 0..1. */
  readonly replacedShare: number;
  readonly regionCount: number;
  /** ΔE2000 of the proposal against the original over the whole picture. */
  readonly meanDeltaE: number;
  readonly maxDeltaE: number;
  readonly shareMoved: number;
  /** Grain and tonal range before and after; absent in proposals of older versions. */
  readonly texture?: TextureNumbers;
  /** Ends of the scale and cast before and after, on the same undamaged places; absent in proposals of older versions. */
  readonly tones?: { readonly before: PictureTones; readonly after: PictureTones };
  /** Mean ΔE2000 inside found faces; absent where no face was found. */
  readonly facesDeltaE?: number;
}

/** What became of the period's texture. */
export interface TextureNumbers {
  /** Standard deviation of noise and grain on the luma, levels of 255. */
  readonly grainBefore: number;
  readonly grainAfter: number;
  /** grainAfter / grainBefore, 0..1 and more; 1 where there was none. */
  readonly grainKept: number;
  /** p0.5 to p99.5 of L*. */
  readonly rangeBefore: number;
  readonly rangeAfter: number;
}

/** Ends of the scale (L*, p0.5 and p99.5) and cast (a*, b*) of a picture, as a damage report has them. */
export interface PictureTones {
  readonly blackPoint: number;
  readonly whitePoint: number;
  readonly castA: number;
  readonly castB: number;
}

/** What of a proposal is to be in the picture: output = original, then these regions, then these layers, in recipe order. */
export interface AcceptedSet {
  /** Ordinals of accepted regions. */
  readonly regions: readonly number[];
  /** Accepted layers with their strengths, by operation. */
  readonly layers: readonly { readonly operation: Operation; readonly strength: number }[];
}

/**
 * Names a stored variant of a proposal: the letters of what is in it, in the order of the operations table ('rnt': regions,
 * noise, tone); '' is the original.
 */
export function variantName(accepted: {
  readonly regions: boolean;
  readonly operations: readonly Operation[];
}): string {
  const letters = operationNames
    .filter((name) => (factsOf(name).kind === 'region' ? accepted.regions : accepted.operations.includes(name)))
    .map((name) => factsOf(name).letter);
  return [...new Set(letters)].join('');
}

/** Most variants of a proposal that are all stored; a recipe with more combinations stores the ones of `storedVariants`. */
export const mostVariants = 8;

/**
 * Names of the variants that a proposal stores, without the original: every combination while there are at most eight
 * (original included); else each beginning of the recipe, and the whole with any one step left out. Enlarging is only ever
 * laid over the whole. A desk shows any of them at once and composes the others when asked.
 */
export function storedVariants(steps: readonly Operation[]): readonly string[] {
  const letters = [
    ...new Set(
      operationNames.filter((name) => steps.includes(name) && name !== 'enlarge').map((name) => factsOf(name).letter),
    ),
  ];
  const names = new Set<string>();
  if (2 ** letters.length <= mostVariants) {
    for (let choice = 1; choice < 2 ** letters.length; choice++)
      names.add(letters.filter((_, place) => (choice >> place) % 2 === 1).join(''));
  } else {
    for (let end = 1; end <= letters.length; end++) names.add(letters.slice(0, end).join(''));
    for (const without of letters) names.add(letters.filter((letter) => letter !== without).join(''));
  }
  if (steps.includes('enlarge')) names.add(`${letters.join('')}${factsOf('enlarge').letter}`);
  return [...names].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** The signed record of one run: enough to run it again. Canonical JSON is what is signed. */
export interface ReceiptBody {
  readonly type: 'albumen-receipt';
  readonly version: 1;
  readonly restorationId: string;
  readonly originalId: string;
  readonly input: {
    readonly sha256: string;
    readonly pixelSha256: string;
    readonly width: number;
    readonly height: number;
    readonly depth: 8 | 16;
    readonly bands: number;
  };
  readonly recipe: unknown;
  readonly recipeSha256: string;
  /** In the receipt of a composite: what a person accepted, and so what is in the picture. */
  readonly accepted?: AcceptedSet;
  readonly software: { readonly name: string; readonly version: string };
  readonly runtime: {
    readonly onnxruntime: string;
    /** What computed the nets: `cpu`, or another provider, of which the same bytes are not promised. */
    readonly provider: string;
    /** The provider that was asked for, where it could not start and the processor computed. */
    readonly providerAsked?: string;
    readonly optimisation: string;
    readonly isa: string;
    readonly opencv: string;
    readonly sharp: string;
    readonly threads: number;
  };
  readonly tilePlan: readonly {
    readonly operation: string;
    readonly size: number;
    readonly margin: number;
    readonly tiles: number;
  }[];
  /** Numbers that the engine took from the picture itself (tone curves), by operation. */
  readonly derived?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly output: { readonly sha256: string; readonly pixelSha256: string; readonly mediaType: string };
  readonly startedAt: string;
  readonly finishedAt: string;
}
