import { modelKey, type ModelPin, type ReceiptBody, type Recipe } from '@albumen/domain';
import type { PinnedModels } from './pinned-models.js';

/** One thing that was not the same in two runs. */
export interface RuntimeDifference {
  readonly what: string;
  readonly recorded: string;
  readonly now: string;
}

/** What of runtime, tile plan and derived numbers differs between the recorded run and a new one. */
export function runtimeDifferences(
  recorded: Pick<ReceiptBody, 'runtime' | 'tilePlan' | 'derived'>,
  now: Pick<ReceiptBody, 'runtime' | 'tilePlan' | 'derived'>,
): readonly RuntimeDifference[] {
  const found: RuntimeDifference[] = [];
  const add = (what: string, before: unknown, after: unknown): void => {
    const [was, is] = [words(before), words(after)];
    if (was !== is) found.push({ what, recorded: was, now: is });
  };
  const names = new Set([...Object.keys(recorded.runtime), ...Object.keys(now.runtime)]);
  for (const name of [...names].sort())
    add(name, (recorded.runtime as Record<string, unknown>)[name], (now.runtime as Record<string, unknown>)[name]);
  const plan = (of: ReceiptBody['tilePlan']): Map<string, string> =>
    new Map(of.map((entry) => [entry.operation, `${entry.tiles} tiles of ${entry.size}, margin ${entry.margin}`]));
  const [before, after] = [plan(recorded.tilePlan), plan(now.tilePlan)];
  for (const operation of new Set([...before.keys(), ...after.keys()]))
    add(`tiles of ${operation}`, before.get(operation), after.get(operation));
  const [were, are] = [recorded.derived ?? {}, now.derived ?? {}];
  for (const operation of new Set([...Object.keys(were), ...Object.keys(are)]))
    add(`numbers of ${operation}`, were[operation], are[operation]);
  return found;
}

/** Every model that a recipe pins, each once. */
export function pinsOf(recipe: Recipe): readonly ModelPin[] {
  const pins = recipe.steps.flatMap((step) => [...(step.model === null ? [] : [step.model]), ...(step.further ?? [])]);
  return [...new Map(pins.map((pin) => [`${pin.id} ${pin.sha256}`, pin])).values()];
}

/** Models that a recipe pins and that are missing here, or installed with other bytes, as far as nothing else replaces them. */
export function modelFaults(
  recipe: Recipe,
  installed: Readonly<Record<string, ModelPin>>,
  replaced: PinnedModels['replaced'] = [],
): readonly { readonly pin: ModelPin; readonly installed: ModelPin | null }[] {
  return pinsOf(recipe).flatMap((pin) => {
    const here = installed[pin.adapter === undefined ? pin.id : modelKey(pin)] ?? null;
    const by = replaced.find((other) => other.pin.sha256 === pin.sha256)?.by ?? pin.sha256;
    return here?.sha256 === by ? [] : [{ pin, installed: here }];
  });
}

function words(value: unknown): string {
  if (value === undefined) return 'not recorded';
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${String(part)}`)
    .sort()
    .join(', ');
}
