import { operationNames } from '@albumen/domain';
import type { AlbumRequest, RestoreAlbumInput } from '@albumen/contracts';
import type { ChosenSteps } from '../item/recipe-draft';

/** The request of an album: chosen items, or all of the collection where none is chosen. */
export function albumBody(selected: ReadonlySet<string>, steps: ChosenSteps): RestoreAlbumInput {
  return {
    ...(selected.size ? { itemIds: [...selected] } : {}),
    steps: operationNames.flatMap((operation) => {
      const step = steps.get(operation);
      return step
        ? [
            {
              operation,
              strength: step.strength,
              parameters: { ...step.parameters },
              ...(step.model ? { model: { ...step.model } } : {}),
            },
          ]
        : [];
    }),
  };
}

/** Items that were left out for one and the same reason. */
export interface LeftGroup {
  readonly key: string;
  readonly code: string;
  readonly detail: string;
  readonly itemIds: readonly string[];
}

/** What was left, the commonest reason first. */
export function leftByReason(left: AlbumRequest['left']): readonly LeftGroup[] {
  const groups = new Map<string, LeftGroup>();
  for (const { itemId, code, detail } of left) {
    const key = `${code}|${detail}`;
    // Front and back of one photograph are named once.
    const itemIds = [...new Set([...(groups.get(key)?.itemIds ?? []), itemId])];
    groups.set(key, { key, code, detail, itemIds });
  }
  return [...groups.values()].sort((one, other) => other.itemIds.length - one.itemIds.length);
}
