import type { Mode } from '../viewer/comparison';
import type { Look } from '../viewer/stage';

/** The tone that surrounds the picture. */
export const surrounds = ['dark', 'middle', 'light'] as const;
export type Surround = (typeof surrounds)[number];

/** How this person works at the desk; kept on this device across items and days. */
export interface Habits {
  readonly mode: Mode;
  readonly surround: Surround;
  readonly singleKeys: boolean;
  readonly look: Look;
}

const rememberedAt = 'albumen.desk';
const modes: readonly Mode[] = ['side', 'curtain', 'blink', 'restored', 'original'];

/** Reads the habits; anything unreadable falls back one by one. `narrow` starts with one picture. */
export function readHabits(text: string | null, narrow: boolean): Habits {
  let kept: Partial<Habits> = {};
  try {
    kept = (JSON.parse(text ?? '{}') ?? {}) as Partial<Habits>;
  } catch (fault) {
    console.warn('The habits of the desk could not be read', fault);
  }
  const mode = modes.find((known) => known === kept.mode) ?? 'side';
  return {
    mode: narrow && mode === 'side' ? 'restored' : mode,
    surround: surrounds.find((known) => known === kept.surround) ?? 'dark',
    singleKeys: kept.singleKeys !== false,
    look:
      kept.look?.fit === false &&
      Number.isFinite(kept.look.magnification) &&
      Number.isFinite(kept.look.x) &&
      Number.isFinite(kept.look.y)
        ? kept.look
        : { fit: true },
  };
}

export function rememberedHabits(): Habits {
  let text: string | null = null;
  try {
    text = localStorage.getItem(rememberedAt);
  } catch (fault) {
    console.warn('The habits of the desk could not be read', fault);
  }
  return readHabits(text, matchMedia('(max-width: 800px)').matches);
}

export function rememberHabits(habits: Habits): void {
  try {
    localStorage.setItem(rememberedAt, JSON.stringify(habits));
  } catch (fault) {
    console.warn('The habits of the desk could not be remembered', fault);
  }
}
