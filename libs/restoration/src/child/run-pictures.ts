import type { Operation } from '@albumen/domain';
import type { WorkFile } from '@albumen/imaging';
import type { AdaptedNet } from '../brought-in-models/adapted-net.js';
import type { InstalledModel } from '../models.js';
import type { Strips } from '../picture/strips.js';
import type { Net } from './nets.js';
import type { CheckedSteps } from './steps.js';

/** How far something is: what is done, of how much. */
export type Advance = (done: number, of: number) => void;

/** One step from one picture of the run to the next. `strength` 0 copies. */
export interface Making {
  readonly operation: Operation;
  readonly from: string;
  readonly variant: string;
  /** The same step on the picture without repairs; it shares what no region touches. */
  readonly twin: { readonly from: string; readonly variant: string } | null;
  readonly strength: number;
  /** Ordinals of the regions to write; all where null. */
  readonly accepted: ReadonlySet<number> | null;
}

/** The pictures of one run by the names of their variants, '' being the original, and what its steps note down about themselves. */
export interface RunPictures {
  readonly original: WorkFile;
  readonly steps: CheckedSteps;
  readonly derived: Partial<Record<Operation, Readonly<Record<string, number>>>>;
  readonly tilePlan: { operation: string; size: number; margin: number; tiles: number }[];
  /** Seconds that nets have run. */
  sessionSeconds: number;
  picture(variant: string): Strips;
  create(variant: string, shape: Omit<WorkFile, 'path' | 'headerBytes' | 'hasAlpha'>): Promise<Strips>;
  copy(pair: Pick<Making, 'from' | 'variant' | 'twin'>, advance: Advance): Promise<void>;
  openNet(model: InstalledModel): Promise<Net>;
  openBroughtIn(operation: Operation): Promise<AdaptedNet>;
}
