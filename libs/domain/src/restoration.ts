import type { DamageClass } from './damage-report.js';
import type { Operation } from './operations.js';

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

/** A connected area that a local step changed, as the engine reports it. */
export interface RegionFound {
  /** 1-based number; it is the pixel value of the area in the label picture. */
  readonly ordinal: number;
  readonly operation: Operation;
  readonly kind: DamageClass;
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
}

/** What of a proposal is to be in the picture: output = original, then these regions, then these layers, in recipe order. */
export interface AcceptedSet {
  /** Ordinals of accepted regions. */
  readonly regions: readonly number[];
  /** Accepted layers with their strengths, by operation. */
  readonly layers: readonly { readonly operation: Operation; readonly strength: number }[];
}

/**
 * Names a stored variant of a proposal: `r` all regions, `n` noise layer, `t` tone layer, in this order; '' is the original.
 * The desk shows any combination from these, clipping rejected regions from the variant without `r`.
 */
export function variantName(accepted: {
  readonly regions: boolean;
  readonly operations: readonly Operation[];
}): string {
  return `${accepted.regions ? 'r' : ''}${accepted.operations.includes('reduce-noise') ? 'n' : ''}${accepted.operations.includes('correct-tone') ? 't' : ''}`;
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
  readonly software: { readonly name: string; readonly version: string };
  readonly runtime: {
    readonly onnxruntime: string;
    readonly provider: string;
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
