/** Classes of local damage that `damage-s` masks. */
export const damageClasses = ['scratch', 'dust', 'stain'] as const;
export type DamageClass = (typeof damageClasses)[number];

/** Classes that `repair-damage` fills. Stains are not filled, which would replace what lies under them: `reduce-stains` takes them back. */
export const filledClasses = ['scratch', 'dust'] as const satisfies readonly DamageClass[];

/** A measured value with the confidence of its measurement (0..1). */
export interface Measured {
  readonly value: number;
  readonly confidence: number;
}

/**
 * The marks of a class that are credible as damage: they stand out from what lies around them and are no pattern of the scene;
 * of stains those whose colour departs from that of the print, so that they can be taken back.
 */
export interface CredibleDamage {
  readonly share: number;
  readonly count: number;
}

/** One class of local damage: share of the picture's pixels (0..1), number of connected marks, mean probability. */
export interface MaskedDamage {
  readonly share: number;
  readonly count: number;
  readonly confidence: number;
  /** What of it may call for a treatment; the rest is shown only. Since version 2. */
  readonly credible?: CredibleDamage;
}

/** A face that was found. Landmarks: left eye, right eye, nose, left and right mouth corner as seen in the picture; pixels of the oriented original. */
export interface FaceFound {
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly landmarks: readonly (readonly [number, number])[];
  readonly score: number;
}

/** A part of the picture that is gone: a missing corner, a tear from the edge inward. */
export interface LossFound {
  readonly kind: 'corner' | 'tear';
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Share of the picture's pixels, 0..1. */
  readonly share: number;
  readonly confidence: number;
}

/** An area of lettering or handwriting; pixels of the oriented original. Long or slanting lines stand in several of them. */
export interface LetteringFound {
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly confidence: number;
}

/** Faults of the scan, not of the photograph. */
export interface CaptureFaults {
  /** Share of pixels cut off at black and at white (0..1). */
  readonly clippedShadows: Measured;
  readonly clippedHighlights: Measured;
  /** Degrees that the picture's own edges are turned, clockwise positive. */
  readonly skew: Measured;
  /** Share of the frame (0..1) that shows the scanner's bed or a mount instead of the photograph. */
  readonly border: Measured;
}

/** Whether the picture is black-and-white, toned (sepia and the like) or in colour. */
export type Tonality = 'black-and-white' | 'toned' | 'colour';

/**
 * What was measured on an original. Numbers only where something was measured; what has no measurement stands in
 * `notMeasured` and is shown as such, never guessed.
 */
export interface DamageReport {
  readonly version: 1 | 2;
  readonly width: number;
  readonly height: number;
  readonly masks: Readonly<Record<DamageClass, MaskedDamage>>;
  /**
   * Standard deviation of noise and grain on the luma, in levels of 255. `fine`: how much of it lies in differences between
   * neighbouring pixels, 1 in white noise, less in grain; absent in reports of before, and where it cannot be told.
   */
  readonly noise: Measured & { readonly fine?: number };
  /** Loss of tonal range, 0 none … 1 nothing left: 1 − (p99.5 − p0.5 of L*) / 100. */
  readonly fading: Measured & { readonly blackPoint: number; readonly whitePoint: number };
  /** Chroma of the mean cast in CIELAB (ΔE units) with its direction. */
  readonly cast: Measured & { readonly a: number; readonly b: number };
  /** Width of the sharpest edges, as the sigma of a Gaussian in pixels. */
  readonly blur: Measured;
  readonly tonality: { readonly value: Tonality; readonly confidence: number };
  /** How much light is missing, 0 none … 1 black: from the median and upper tones of L*. Since version 2. */
  readonly lowLight?: Measured;
  /** Since version 2. */
  readonly capture?: CaptureFaults;
  /** Absent where faces were not looked for (no model installed): then `faces` stands in `notMeasured`. */
  readonly faces?: readonly FaceFound[];
  readonly losses?: readonly LossFound[];
  /**
   * Largest first. Absent where none can be told (no model, or nothing found by one that misses too much): then `lettering`
   * stands in `notMeasured`.
   */
  readonly lettering?: readonly LetteringFound[];
  /** Scratches and dust that lie on that lettering: they are doubtful, and nothing fills them. */
  readonly marksOnLettering?: number;
  /** Names of what was not measured in this version (faces, lettering, tears …). */
  readonly notMeasured: readonly string[];
  /** Models used, by id and sha256. */
  readonly models: readonly { readonly id: string; readonly version: string; readonly sha256: string }[];
}

/**
 * Thresholds above which a step is proposed. Absolute floors: a picture that passes none of them gets the answer
 * "no treatment needed" with its numbers.
 */
export const proposalThresholds = {
  /** Share of masked pixels over all classes (0..1) … */
  damageShare: 0.0005,
  /** … or this many marks. */
  damageCount: 6,
  /** Share of the picture (0..1) under stains that can be taken back. */
  stainShare: 0.001,
  /** Levels of 255. */
  noise: 5.5,
  /** Below this confidence the picture has too few flat places to tell grain from texture, and no step is proposed. */
  noiseConfidence: 0.5,
  /** `noise.fine` from and to which noise is taken for white; the screen of a print has more. */
  whiteNoise: 0.8,
  screen: 1.15,
  fading: 0.22,
  /** ΔE units. A toned (sepia) print is not a cast: its tone belongs to it, so only colour pictures are asked this. */
  cast: 9,
  /** Sigma in pixels; sharper pictures are left alone. */
  blur: 1.1,
  blurConfidence: 0.4,
  /** Share of the light that is missing. */
  lowLight: 0.35,
} as const;
