import type { LocalText } from '../local-text.js';
import type { ModelAdapter, ModelName, ModelState } from '../models.js';
import type { TreatmentLevel } from '../operations.js';

/** One row of a model's evaluation: a figure against its bar. */
export interface ModelFigure {
  readonly task: string;
  readonly set: string;
  readonly metric: string;
  readonly value: number;
  /** What it is compared with, in words. */
  readonly baseline: string;
  /** Value from which it may ship, and which it aims at; null where no bar was set. */
  readonly ship: number | null;
  readonly aim: number | null;
  readonly held: boolean | null;
}

/** What examining a model that was brought in measured. */
export interface ModelExamined {
  readonly scale: number;
  readonly multiple: number | null;
  readonly fixedSize: { readonly width: number; readonly height: number } | null;
  /** Pixels at a tile's edge that cannot be trusted; null where it sees the whole picture. */
  readonly margin: number | null;
  readonly secondsPerMegapixel: number;
  readonly peakMegabytes: number;
  readonly range: string;
  readonly hole: 0 | 1 | null;
  readonly warnings: readonly string[];
}

/** Pictures of known failures, drawn for a model's card. `reading` says how each of them is to be read. */
export interface ModelFailures {
  readonly reading: Required<LocalText>;
  readonly pictures: readonly { readonly file: string; readonly caption: Required<LocalText> }[];
}

/** A model as its description or its report tells it. Instants are ISO 8601. */
export interface ModelOnShelf extends ModelName {
  readonly state: ModelState;
  /** `restore`, `fill` … of Albumen's own; the adapter of one that was brought in. */
  readonly task: string;
  readonly adapter: ModelAdapter | null;
  /** Null while it is in quarantine. */
  readonly level: TreatmentLevel | null;
  readonly canInvent: boolean;
  /** Parameters of a step (`ofModel`) that it takes as a further input. */
  readonly takes: readonly string[];
  readonly licence: {
    readonly id: string;
    readonly commercial: boolean | null;
    readonly redistribution: boolean | null;
  };
  readonly sha256: string;
  readonly bytes: number;
  readonly figures: readonly ModelFigure[];
  /** Classes that it does not find well enough to be believed. */
  readonly unreliable: readonly string[];
  /** Null for a model that came without any. */
  readonly failures: ModelFailures | null;
  readonly examined: ModelExamined | null;
  readonly broughtInAt: string | null;
  readonly acceptedAt: string | null;
  readonly removedAt: string | null;
}

/** Under which terms a model is accepted. */
export interface ModelTerms {
  readonly licence: string;
  readonly level: TreatmentLevel;
}

/** A state that a model has been brought into; `undo` brings it back, as long as `settle` has not been called. */
export interface ModelMoved {
  readonly model: ModelOnShelf;
  /** Brings it back to the state before; used where the change that should record it failed. */
  undo(): Promise<void>;
  /** Does what cannot be undone: the bytes of a removed model go. */
  settle(): Promise<void>;
}

/** The folder of models: those that came with Albumen and those that were brought in. */
export interface ModelShelf {
  list(): Promise<readonly ModelOnShelf[]>;
  /** A JPEG that `failures` names. Errors: `model.not-found`, `model.picture-not-found`. */
  failurePicture(name: ModelName, file: string): Promise<Uint8Array>;
  /**
   * Errors: `model.not-found`, `model.not-quarantined`, `model.licence-differs`, `model.level-too-low`,
   * `model.digest-differs`, `model.shipped`.
   */
  accept(name: ModelName, terms: ModelTerms): Promise<ModelMoved>;
  /** Errors: `model.not-found`, `model.shipped`. */
  remove(name: ModelName): Promise<ModelMoved>;
}
