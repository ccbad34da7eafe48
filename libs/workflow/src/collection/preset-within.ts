import { presets, refuse, type PresetName, type TreatmentLevel } from '@albumen/domain';

/** Refuses with `collection.preset-above-level` where a preset treats further than the collection allows. */
export function requirePresetWithin(preset: PresetName, allowed: TreatmentLevel): void {
  const needed = presets[preset].level;
  if (needed > allowed) throw refuse('collection.preset-above-level', { preset, needed, allowed });
}
