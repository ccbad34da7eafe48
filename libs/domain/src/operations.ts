import type { LocalText } from './local-text.js';

/** 0 faithful reproduction, 1 repair of acquired damage, 2 reconstruction of lost areas, 3 interpretation. */
export const treatmentLevels = [0, 1, 2, 3] as const;
export type TreatmentLevel = (typeof treatmentLevels)[number];

export const treatmentLevelWords: Record<TreatmentLevel, Required<LocalText>> = {
  0: { en: 'faithful reproduction', vi: 'sao chép trung thực' },
  1: { en: 'repair', vi: 'sửa chữa' },
  2: { en: 'reconstruction', vi: 'tái tạo' },
  3: { en: 'interpretation', vi: 'diễn giải' },
};

/** IPTC digital source types used in labels (`http://cv.iptc.org/newscodes/digitalsourcetype/…`). */
export type DigitalSourceType = 'algorithmicallyEnhanced' | 'compositeWithTrainedAlgorithmicMedia' | 'humanEdits';

/** What Albumen knows of one operation: policy, labels and screens all read this and nothing else. */
export interface OperationFacts {
  readonly level: TreatmentLevel;
  /** A region step changes connected areas; a layer step changes the whole picture. */
  readonly kind: 'region' | 'layer';
  /** True where the operation can add what was not in the scan. */
  readonly canInvent: boolean;
  readonly sourceType: DigitalSourceType;
  /** Model it needs, or null for a classical operation. */
  readonly model: string | null;
  readonly label: Required<LocalText>;
  /** What it did, in the words of the public page. */
  readonly did: Required<LocalText>;
}

/** The one table of operations. */
export const operations = {
  'repair-damage': {
    level: 1,
    kind: 'region',
    canInvent: true,
    sourceType: 'compositeWithTrainedAlgorithmicMedia',
    model: 'damage-s',
    label: { en: 'scratches and dust filled', vi: 'lấp vết xước và bụi' },
    did: { en: 'filled marks from their surroundings', vi: 'lấp các vết hỏng theo vùng xung quanh' },
  },
  'reduce-noise': {
    level: 1,
    kind: 'layer',
    canInvent: false,
    sourceType: 'algorithmicallyEnhanced',
    model: 'restore-s',
    label: { en: 'noise and grain', vi: 'nhiễu và hạt phim' },
    did: { en: 'softened noise and grain', vi: 'làm dịu nhiễu và hạt phim' },
  },
  'correct-tone': {
    level: 1,
    kind: 'layer',
    canInvent: false,
    sourceType: 'algorithmicallyEnhanced',
    model: null,
    label: { en: 'fading, cast and contrast', vi: 'phai màu, ám màu và tương phản' },
    did: { en: 'lifted the faded tones', vi: 'nâng lại sắc độ đã phai' },
  },
} as const satisfies Record<string, OperationFacts>;

export type Operation = keyof typeof operations;
export const operationNames = Object.keys(operations) as Operation[];

/** Facts of an operation; the order of a recipe is damage → noise and grain → tone, since the nets are trained on faded targets. */
export function factsOf(operation: Operation): OperationFacts {
  return operations[operation];
}
