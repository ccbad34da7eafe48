import type { LocalText } from './local-text.js';
import type { Operation, TreatmentLevel } from './operations.js';

/** How far a collection lets its pictures be treated by default; each is a treatment level with its habits. */
export const presetNames = ['faithful', 'repair', 'reconstruct', 'interpret'] as const;
export type PresetName = (typeof presetNames)[number];

/** What a preset proposes by itself and what it keeps. */
export interface PresetFacts {
  readonly level: TreatmentLevel;
  /** Operations it may propose where the measurements call for them. */
  readonly proposes: readonly Operation[];
  /** Largest strength of `reduce-noise` it proposes: period grain stays visible. */
  readonly noiseStrength: number;
  /** Share of the grain (0..1) that must be left; below it the desk warns. */
  readonly grainFloor: number;
  readonly label: Required<LocalText>;
  readonly meaning: Required<LocalText>;
}

export const presets: Readonly<Record<PresetName, PresetFacts>> = {
  faithful: {
    level: 0,
    proposes: [],
    noiseStrength: 0,
    grainFloor: 1,
    label: { en: 'Faithful', vi: 'Trung thực' },
    meaning: {
      en: 'Nothing is proposed. The damage is measured and shown, the scan stays as it is.',
      vi: 'Không đề xuất gì. Hư hỏng được đo và hiển thị, bản quét giữ nguyên.',
    },
  },
  repair: {
    level: 1,
    proposes: ['repair-damage', 'reduce-stains', 'reduce-noise', 'sharpen', 'correct-tone', 'lift-shadows'],
    noiseStrength: 0.85,
    grainFloor: 0.25,
    label: { en: 'Repair', vi: 'Sửa chữa' },
    meaning: {
      en: 'Marks are filled, stains taken back, noise is softened, faded and dark tones are lifted. Grain stays visible.',
      vi: 'Lấp vết hỏng, làm mờ vết ố, làm dịu nhiễu, nâng sắc độ phai và tối. Hạt phim vẫn thấy được.',
    },
  },
  reconstruct: {
    level: 2,
    proposes: ['repair-damage', 'reduce-stains', 'reduce-noise', 'sharpen', 'correct-tone', 'lift-shadows'],
    noiseStrength: 0.95,
    grainFloor: 0.1,
    label: { en: 'Reconstruct', vi: 'Tái tạo' },
    meaning: {
      en: 'As repair, with stronger denoising; enlarging can be asked for.',
      vi: 'Như sửa chữa, khử nhiễu mạnh hơn; có thể yêu cầu phóng to.',
    },
  },
  interpret: {
    level: 3,
    proposes: ['repair-damage', 'reduce-stains', 'reduce-noise', 'sharpen', 'correct-tone', 'lift-shadows'],
    noiseStrength: 0.95,
    grainFloor: 0,
    label: { en: 'Interpret', vi: 'Diễn giải' },
    meaning: {
      en: 'Colour from evidence and the treatment of faces can be asked for, too. Both are labelled as interpretation.',
      vi: 'Có thể yêu cầu thêm màu theo bằng chứng và xử lý khuôn mặt. Cả hai đều được ghi nhãn là diễn giải.',
    },
  },
};

/** The preset that a treatment level stands for. */
export function presetOf(level: TreatmentLevel): PresetName {
  return presetNames[level] ?? 'repair';
}
