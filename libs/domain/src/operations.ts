import type { LocalText } from './local-text.js';
import type { ModelAdapter } from './models.js';

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
  /** A region step changes connected areas; a layer step changes the whole picture. A region step that can invent replaces what was there. */
  readonly kind: 'region' | 'layer';
  /**
   * Letter in the names of stored variants (see `variantName`). Operations on regions share theirs: regions are accepted one
   * by one, and a variant holds all of them or none.
   */
  readonly letter: string;
  /** True where the operation can add what was not in the scan. */
  readonly canInvent: boolean;
  readonly sourceType: DigitalSourceType;
  /** Models it needs; empty for a classical operation. The first is the one that the step pins. */
  readonly models: readonly string[];
  /** Models it uses where they are installed, with a classical fallback. */
  readonly optionalModels?: readonly string[];
  /** Which models that an institution brought in a step may name, and what that makes of it; absent where none. */
  readonly broughtIn?: BroughtInUse;
  /** Numbers a step may carry, with their limits and what is used where one is left out. */
  readonly parameters: Readonly<Record<string, ParameterFacts>>;
  readonly label: Required<LocalText>;
  /** What it did, in the words of the public page. */
  readonly did: Required<LocalText>;
}

/**
 * How a step uses a model that was brought in: `needed` (it has no way of its own), `instead` of Albumen's own way, or
 * `further`, beside the models it needs anyway. What else is said holds for a step that names such a model.
 */
export interface BroughtInUse {
  readonly adapter: ModelAdapter;
  readonly how: 'needed' | 'instead' | 'further';
  readonly canInvent?: true;
  readonly sourceType?: DigitalSourceType;
  readonly did?: Required<LocalText>;
}

/** Limits of one number of a step; null as default: taken from the measurements. */
export interface ParameterFacts {
  readonly least: number;
  readonly most: number;
  readonly otherwise: number | null;
  /** The only values it may have, where not every one between the limits. */
  readonly choices?: readonly number[];
  /** Only some of the models that a step may name take it: it belongs to steps with one of them (`ModelPin.takes`). */
  readonly ofModel?: true;
  /** It chooses between Albumen's own models: a step with a model that was brought in has none. */
  readonly ofOwn?: true;
  /** What its values are called, where a number says nothing. */
  readonly words?: Readonly<Record<number, Required<LocalText>>>;
  readonly label: Required<LocalText>;
}

/** Whether a parameter may have this value; what is no number may not. */
export function isAllowed({ least, most, choices }: ParameterFacts, value: number): boolean {
  return value >= least && value <= most && (choices?.includes(value) ?? true);
}

const share = (otherwise: number, en: string, vi: string): ParameterFacts => ({
  least: 0,
  most: 1,
  otherwise,
  label: { en, vi },
});

/**
 * The one table of operations, in the order of a recipe: damage, then noise and grain, then sharpness and tone (the nets
 * are trained on faded targets), then colour and faces, and enlarging last.
 * What a model suggests of colour lies below what a person knows.
 */
export const operations = {
  'repair-damage': {
    level: 1,
    kind: 'region',
    letter: 'r',
    canInvent: true,
    sourceType: 'compositeWithTrainedAlgorithmicMedia',
    models: ['damage-s'],
    optionalModels: ['fill-s'],
    broughtIn: { adapter: 'inpaint', how: 'further' },
    parameters: { grain: share(1, 'grain laid over the fill', 'hạt phim phủ lên chỗ lấp') },
    label: { en: 'scratches and dust filled', vi: 'lấp vết xước và bụi' },
    did: { en: 'filled marks from their surroundings', vi: 'lấp các vết hỏng theo vùng xung quanh' },
  },
  'rebuild-area': {
    level: 2,
    kind: 'region',
    letter: 'r',
    canInvent: true,
    sourceType: 'compositeWithTrainedAlgorithmicMedia',
    models: [],
    broughtIn: { adapter: 'inpaint', how: 'needed' },
    parameters: { grain: share(1, 'grain laid over what is rebuilt', 'hạt phim phủ lên phần dựng lại') },
    label: { en: 'lost areas rebuilt', vi: 'dựng lại vùng đã mất' },
    did: {
      en: 'rebuilt lost areas that a person marked; what stands there now is made up by a trained model',
      vi: 'dựng lại các vùng đã mất do người đánh dấu; phần hiện có ở đó là do mô hình tạo ra',
    },
  },
  'reduce-stains': {
    level: 1,
    kind: 'region',
    letter: 'r',
    canInvent: false,
    sourceType: 'algorithmicallyEnhanced',
    models: ['stains'],
    parameters: {},
    label: { en: 'stains taken back', vi: 'làm mờ vết ố' },
    did: {
      en: 'took back the colour and the darkness of stains, keeping what lies under them',
      vi: 'trừ bớt màu và độ sẫm của vết ố, giữ nguyên hình ảnh bên dưới',
    },
  },
  'reduce-noise': {
    level: 1,
    kind: 'layer',
    letter: 'n',
    canInvent: false,
    sourceType: 'algorithmicallyEnhanced',
    models: ['restore-s'],
    // In its place where the step says so.
    optionalModels: ['denoise-s'],
    broughtIn: { adapter: 'image2image', how: 'instead' },
    parameters: {
      white: {
        least: 0,
        most: 1,
        otherwise: null,
        choices: [0, 1],
        ofOwn: true,
        label: {
          en: 'what is softened (white noise: as a scanner adds it)',
          vi: 'làm dịu (nhiễu trắng: như máy quét tạo ra)',
        },
        words: { 0: { en: 'noise and grain', vi: 'nhiễu và hạt phim' }, 1: { en: 'white noise', vi: 'nhiễu trắng' } },
      },
      views: {
        least: 1,
        most: 8,
        otherwise: 1,
        choices: [1, 2, 4, 8],
        label: {
          en: 'positions it looks from (more: slower, and shows how sure it is)',
          vi: 'số tư thế nhìn ảnh (nhiều hơn: chậm hơn, và cho biết độ chắc chắn)',
        },
      },
    },
    label: { en: 'noise and grain', vi: 'nhiễu và hạt phim' },
    did: { en: 'softened noise and grain', vi: 'làm dịu nhiễu và hạt phim' },
  },
  sharpen: {
    level: 1,
    kind: 'layer',
    letter: 's',
    canInvent: false,
    sourceType: 'algorithmicallyEnhanced',
    models: [],
    broughtIn: {
      adapter: 'image2image',
      how: 'instead',
      did: { en: 'sharpened the picture with a trained model', vi: 'làm nét ảnh bằng mô hình đã huấn luyện' },
    },
    parameters: {
      sigma: {
        least: 0.3,
        most: 3,
        otherwise: null,
        label: { en: 'blur to undo (pixels)', vi: 'độ nhòe cần khử (điểm ảnh)' },
      },
    },
    label: { en: 'sharpness', vi: 'độ nét' },
    did: { en: 'undid some of the blur', vi: 'khử bớt độ nhòe' },
  },
  'correct-tone': {
    level: 1,
    kind: 'layer',
    letter: 't',
    canInvent: false,
    sourceType: 'algorithmicallyEnhanced',
    models: [],
    parameters: {
      balance: share(0, 'colour cast taken away', 'khử ám màu'),
      blackPoint: {
        least: 0,
        most: 100,
        otherwise: null,
        label: { en: 'black point (L*)', vi: 'điểm đen (L*)' },
      },
      whitePoint: {
        least: 0,
        most: 100,
        otherwise: null,
        label: { en: 'white point (L*)', vi: 'điểm trắng (L*)' },
      },
    },
    label: { en: 'fading, cast and contrast', vi: 'phai màu, ám màu và tương phản' },
    did: { en: 'lifted the faded tones', vi: 'nâng lại sắc độ đã phai' },
  },
  'lift-shadows': {
    level: 1,
    kind: 'layer',
    letter: 'l',
    canInvent: false,
    sourceType: 'algorithmicallyEnhanced',
    models: [],
    parameters: { reach: share(0.5, 'how far into the middle tones', 'mức lan sang tông giữa') },
    label: { en: 'low light', vi: 'thiếu sáng' },
    did: { en: 'brightened the dark parts', vi: 'làm sáng các vùng tối' },
  },
  'suggest-colour': {
    level: 3,
    kind: 'layer',
    letter: 'k',
    canInvent: true,
    sourceType: 'compositeWithTrainedAlgorithmicMedia',
    models: [],
    broughtIn: { adapter: 'lab-ab', how: 'needed' },
    parameters: {},
    label: { en: 'suggested colour', vi: 'màu gợi ý' },
    did: {
      en: 'laid colours over it that a trained model suggests; nothing is known of the real ones',
      vi: 'phủ màu do mô hình gợi ý; không có bằng chứng về màu thật',
    },
  },
  'guide-colour': {
    level: 3,
    kind: 'layer',
    letter: 'c',
    canInvent: true,
    sourceType: 'humanEdits',
    models: [],
    parameters: {},
    label: { en: 'colour from evidence', vi: 'màu theo bằng chứng' },
    did: {
      en: 'added colours that a person gave with their evidence',
      vi: 'thêm màu do người chỉ định kèm bằng chứng',
    },
  },
  'treat-faces': {
    level: 3,
    kind: 'layer',
    letter: 'f',
    canInvent: false,
    sourceType: 'algorithmicallyEnhanced',
    models: ['faces'],
    broughtIn: {
      adapter: 'face-512',
      how: 'further',
      canInvent: true,
      sourceType: 'compositeWithTrainedAlgorithmicMedia',
      did: {
        en: 'drew faces anew with a trained model; features may be invented',
        vi: 'vẽ lại khuôn mặt bằng mô hình đã huấn luyện; nét mặt có thể là do mô hình thêm vào',
      },
    },
    parameters: {
      fidelity: {
        ...share(
          0.5,
          'how closely the model keeps to the scan (0: freely, 1: closely)',
          'mức mô hình bám theo bản quét (0: tự do, 1: bám sát)',
        ),
        ofModel: true,
      },
    },
    label: { en: 'faces, gently', vi: 'khuôn mặt, nhẹ nhàng' },
    did: {
      en: 'cleared faces a little, without inventing features',
      vi: 'làm rõ khuôn mặt một chút, không thêm nét mới',
    },
  },
  enlarge: {
    level: 2,
    kind: 'layer',
    letter: 'u',
    canInvent: true,
    sourceType: 'compositeWithTrainedAlgorithmicMedia',
    models: ['up2'],
    optionalModels: ['up4'],
    broughtIn: { adapter: 'upscale', how: 'instead' },
    parameters: {
      scale: {
        least: 2,
        most: 4,
        otherwise: 2,
        choices: [2, 4],
        label: { en: 'times larger (2 or 4)', vi: 'số lần phóng to (2 hoặc 4)' },
      },
    },
    label: { en: 'enlarging', vi: 'phóng to' },
    did: { en: 'enlarged the picture', vi: 'phóng to ảnh' },
  },
} as const satisfies Record<string, OperationFacts>;

export type Operation = keyof typeof operations;
export const operationNames = Object.keys(operations) as Operation[];

/** Facts of an operation. */
export function factsOf(operation: Operation): OperationFacts {
  return operations[operation];
}
