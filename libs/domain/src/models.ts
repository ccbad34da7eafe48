import type { LocalText } from './local-text.js';
import type { TreatmentLevel } from './operations.js';

/** What a model that was brought in is asked to do: which tensors it takes and gives. */
export const modelAdapters = {
  image2image: {
    leastLevel: 1,
    label: { en: 'picture to picture', vi: 'ảnh sang ảnh' },
    does: {
      en: 'gives the same picture back, with less noise, blur or other faults',
      vi: 'trả lại chính bức ảnh đó, bớt nhiễu, nhòe hoặc lỗi khác',
    },
    notFor: [
      {
        en: 'holes and lost areas: it sees no mask',
        vi: 'lỗ thủng và vùng đã mất: mô hình không nhận mặt nạ',
      },
    ],
  },
  upscale: {
    leastLevel: 2,
    label: { en: 'enlarging', vi: 'phóng to' },
    does: { en: 'gives the picture several times as large', vi: 'trả lại bức ảnh lớn gấp nhiều lần' },
    notFor: [
      {
        en: 'reading lettering or recognising persons: fine detail in the result may be invented',
        vi: 'đọc chữ hoặc nhận dạng người: chi tiết nhỏ trong kết quả có thể là do mô hình thêm vào',
      },
    ],
  },
  inpaint: {
    leastLevel: 2,
    label: { en: 'filling', vi: 'lấp vùng trống' },
    does: {
      en: 'fills marked areas from what lies around them',
      vi: 'lấp các vùng được đánh dấu dựa theo xung quanh',
    },
    notFor: [
      {
        en: 'evidence of what stood there: what it fills in is made up',
        vi: 'làm chứng cứ về những gì từng ở đó: phần lấp vào là do mô hình tạo ra',
      },
    ],
  },
  'lab-ab': {
    leastLevel: 3,
    label: { en: 'colour suggestion', vi: 'gợi ý màu tự động' },
    does: {
      en: 'suggests colours for a picture without any',
      vi: 'gợi ý màu cho ảnh không có màu',
    },
    notFor: [
      {
        en: 'evidence of colours: uniforms, flags, skin and clothes may have had others',
        vi: 'làm chứng cứ về màu sắc: quân phục, cờ, màu da và quần áo có thể đã khác',
      },
    ],
  },
  'face-512': {
    leastLevel: 3,
    label: { en: 'rebuilding faces', vi: 'dựng lại khuôn mặt' },
    does: {
      en: 'draws a face anew from what is left of it',
      vi: 'vẽ lại khuôn mặt từ những gì còn thấy được',
    },
    notFor: [
      {
        en: 'recognising or identifying persons: features in the result may be those of nobody',
        vi: 'nhận dạng hoặc xác định danh tính: nét mặt trong kết quả có thể không phải của ai cả',
      },
    ],
  },
  'detector-yunet': {
    leastLevel: 0,
    label: { en: 'finding faces', vi: 'tìm khuôn mặt' },
    does: {
      en: 'finds faces, beside the net that came with Albumen',
      vi: 'tìm khuôn mặt, bên cạnh mạng có sẵn của Albumen',
    },
    notFor: [{ en: 'saying who somebody is', vi: 'cho biết ai là ai' }],
  },
} as const satisfies Record<string, AdapterWords>;

/** What people are told of an adapter. */
export interface AdapterWords {
  /** A model of this kind never stands below this treatment level. */
  readonly leastLevel: TreatmentLevel;
  readonly label: Required<LocalText>;
  readonly does: Required<LocalText>;
  /** What it may not be used for. */
  readonly notFor: readonly Required<LocalText>[];
}

export type ModelAdapter = keyof typeof modelAdapters;
export const modelAdapterNames = Object.keys(modelAdapters) as ModelAdapter[];

/** A model named by a person: one version of it. */
export interface ModelName {
  readonly id: string;
  readonly version: string;
}

/** A model pinned by its bytes. */
export interface ModelPin extends ModelName {
  readonly sha256: string;
  /** What a model that was brought in says of itself; Albumen's own say nothing of this. */
  readonly adapter?: ModelAdapter;
  readonly licence?: string;
  /** Treatment level that an administrator accepted it for. */
  readonly level?: TreatmentLevel;
  /** Times it enlarges. */
  readonly scale?: number;
  /** Parameters of a step (`ofModel`) that it takes as a further input. */
  readonly takes?: readonly string[];
}

/**
 * Pins of the installed models: Albumen's own by id (the newest version of each), those that were brought in and accepted
 * by `modelKey`, since several versions of one may be accepted.
 */
export type ModelPins = Readonly<Record<string, ModelPin>>;

/** Name of one version of a model that was brought in: in pins, in the audit log. */
export function modelKey({ id, version }: ModelName): string {
  return `${id}@${version}`;
}

/** Where a model stands. A model that was brought in is only loaded once it is accepted. */
export const modelStates = ['shipped', 'quarantined', 'accepted', 'removed'] as const;
export type ModelState = (typeof modelStates)[number];
