import { presetNames, presetOf, presets, type PresetName, type TreatmentLevel } from '@albumen/domain';

/** A preset as a collection may choose it: whether its treatment level allows it. */
export interface OfferedPreset {
  readonly name: PresetName;
  readonly allowed: boolean;
}

/** Every preset, those above the level marked. */
export function offeredPresets(level: TreatmentLevel): readonly OfferedPreset[] {
  return presetNames.map((name) => ({ name, allowed: presets[name].level <= level }));
}

/** The preset that stays when the level changes: the chosen one while it is allowed, else the one the level stands for. */
export function presetWithin(chosen: PresetName, level: TreatmentLevel): PresetName {
  return presets[chosen].level <= level ? chosen : presetOf(level);
}

/** A share of grain (0..1) from a field in per cent; an empty or unreadable field is null: the preset's own holds. */
export function floorOf(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  if (text.trim() === '' || !Number.isFinite(value)) return null;
  return Math.min(100, Math.max(0, value)) / 100;
}
