import type { LocalText } from './local-text.js';

/** Minutes a claim lasts; it is renewed by every act on the desk. */
export const claimMinutes = 30;

export type ReviewDecision = 'approve' | 'reject' | 'rework';

/** The closed list of reasons, numbered on the screen by their place. */
export const rejectReasons = {
  'too-smooth': { en: 'too smooth', vi: 'quá mịn' },
  'face-changed': { en: 'a face has changed', vi: 'gương mặt bị thay đổi' },
  'damage-left': { en: 'damage is left', vi: 'còn sót hư hại' },
  'halo-or-artefact': { en: 'halo or artefact', vi: 'có quầng hoặc vết lạ' },
  'lettering-touched': { en: 'lettering was touched', vi: 'chữ bị động đến' },
  'tone-implausible': { en: 'tone is not plausible', vi: 'sắc độ không hợp lý' },
  'wrong-crop': { en: 'wrong crop or side', vi: 'sai khung hoặc sai mặt' },
  rescan: { en: 'scan it again', vi: 'cần quét lại' },
  other: { en: 'another reason', vi: 'lý do khác' },
} as const satisfies Record<string, Required<LocalText>>;
export type ReasonCode = keyof typeof rejectReasons;
export const reasonCodes = Object.keys(rejectReasons) as ReasonCode[];

/** Minutes within which the person who decided may undo it, as long as nothing was published from it. */
export const undoMinutes = 30;
