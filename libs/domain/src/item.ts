import type { LocalText } from './local-text.js';

/** Which side or kind an original shows. */
export const sides = ['front', 'back', 'negative', 'detail'] as const;
export type Side = (typeof sides)[number];

/** The description of an item: versioned, every save is a version. Every field may be empty except where publication asks for it. */
export interface Description {
  /** Which side or kind the picture shows; said by the describer, since the original's row never changes. */
  readonly side: Side;
  readonly title: LocalText;
  readonly referenceCode: string;
  readonly creator: string;
  /** The date exactly as it is written or said ("khoảng năm 1909", "summer 1921"). */
  readonly dateAsWritten: string;
  /** The same as EDTF, or '' where nobody has said. */
  readonly edtf: string;
  readonly extentAndTechnique: string;
  readonly people: readonly string[];
  readonly places: readonly string[];
  readonly description: LocalText;
  /** Alternative text for those who cannot see the picture. */
  readonly alternativeText: LocalText;
  /** URI of a rights statement, or ''. */
  readonly rights: string;
  /** Custody of the physical thing: donor, sale, transfer. */
  readonly custody: string;
}

/** A description with nothing in it. */
export const emptyDescription: Description = {
  side: 'front',
  title: {},
  referenceCode: '',
  creator: '',
  dateAsWritten: '',
  edtf: '',
  extentAndTechnique: '',
  people: [],
  places: [],
  description: {},
  alternativeText: {},
  rights: '',
  custody: '',
};

/** Outcomes of one file of an accession, for ever. `waiting` has none yet. */
export const fileOutcomes = ['waiting', 'received', 'duplicate', 'refused'] as const;
export type FileOutcome = (typeof fileOutcomes)[number];

export const accessionStatuses = ['receiving', 'closed', 'cancelled'] as const;
export type AccessionStatus = (typeof accessionStatuses)[number];

/** Uses of a derivative. `pyramid` is the access picture that the IIIF image service cuts tiles from. */
export const derivativeUses = [
  'pyramid',
  'thumbnail',
  'damage-mask',
  'region-labels',
  'change-map',
  'step-map',
  'master',
  'manifest',
  'receipt',
] as const;
export type DerivativeUse = (typeof derivativeUses)[number];

/** Steps that every original goes through, each with its own state that a person can see. */
export const processingSteps = ['characterise', 'derive', 'assess', 'restore', 'compose'] as const;
export type ProcessingStep = (typeof processingSteps)[number];
export type ProcessingState = 'waiting' | 'running' | 'done' | 'failed';
