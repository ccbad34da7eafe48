import type { LocalText } from './local-text.js';

/** A point in shares of the oriented picture: [0, 0] top left, [1, 1] bottom right. */
export type Point = readonly [number, number];

/** A drawn line with a round brush; `radius` in shares of the picture's longer side. */
export interface Stroke {
  readonly points: readonly Point[];
  readonly radius: number;
}

/**
 * Most of what a request may draw: lines of a step, points of one line, points of all lines together, colours, protected areas.
 * It is far more than a hand draws, and fits a row of the database.
 */
export const markUpLimits = { strokes: 500, linePoints: 2000, points: 50_000, hints: 200, protect: 200 } as const;

/** Where a colour is known from. `conjecture` is allowed and is said wherever the colour is shown. */
export const colourEvidence = [
  'object',
  'colour-photograph',
  'document',
  'witness',
  'period-standard',
  'conjecture',
] as const;
export type ColourEvidence = (typeof colourEvidence)[number];

export const colourEvidenceWords: Record<ColourEvidence, Required<LocalText>> = {
  object: { en: 'the object itself survives', vi: 'hiện vật còn lại' },
  'colour-photograph': { en: 'a colour photograph of it', vi: 'một ảnh màu chụp nó' },
  document: { en: 'a document or caption', vi: 'tài liệu hoặc chú thích' },
  witness: { en: 'a person remembers', vi: 'có người còn nhớ' },
  'period-standard': { en: 'usual at that time', vi: 'thường thấy thời đó' },
  conjecture: { en: 'conjecture', vi: 'phỏng đoán' },
};

/** A colour given by a person for what lies under a stroke, with the evidence for it. */
export interface ColourHint {
  readonly stroke: Stroke;
  /** sRGB, 0..255; its lightness is ignored: L* stays the picture's own. */
  readonly colour: readonly [number, number, number];
  readonly evidence: ColourEvidence;
  /** Inventory number, quotation, name of the witness … */
  readonly note: string;
  /** True where the note may be published with the receipt; else only staff of the archive read it. */
  readonly notePublic?: boolean | undefined;
}

/** What is kept from every step that can invent. */
export const protectionReasons = ['lettering', 'handwriting', 'stamp', 'insignia', 'face', 'other'] as const;
export type ProtectionReason = (typeof protectionReasons)[number];

export const protectionReasonWords: Record<ProtectionReason, Required<LocalText>> = {
  lettering: { en: 'lettering', vi: 'chữ in' },
  handwriting: { en: 'handwriting', vi: 'chữ viết tay' },
  stamp: { en: 'stamp', vi: 'con dấu' },
  insignia: { en: 'insignia', vi: 'phù hiệu' },
  face: { en: 'face', vi: 'khuôn mặt' },
  other: { en: 'other', vi: 'khác' },
};

/** A rectangle (shares of the picture) that no step that can invent may touch. */
export interface ProtectedArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly reason: ProtectionReason;
}
