import { operationNames, spreadQuantities, type SpreadQuantity } from '@albumen/domain';
import type { AlbumList, AlbumRequest, RestoreAlbumInput } from '@albumen/contracts';
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

export type Album = AlbumList['rows'][number];

/** Photographs of an album that no tones are known of, by why; reasons without any are left out. */
export function unmeasuredOf(album: Album): readonly { readonly why: 'waiting' | 'failed' | 'older'; n: number }[] {
  const { photographs, waiting, failed, measured } = album;
  const older = photographs - waiting - failed - measured;
  return (['waiting', 'failed', 'older'] as const)
    .map((why) => ({ why, n: { waiting, failed, older }[why] }))
    .filter(({ n }) => n > 0);
}

/** The rows of an album's table; a row that grew is marked. */
export function spreadRows(spread: NonNullable<Album['spread']>): readonly {
  readonly quantity: SpreadQuantity;
  readonly before: number;
  readonly after: number;
  readonly foretold: number | null;
  readonly grew: boolean;
}[] {
  return spreadQuantities.map((quantity) => ({
    quantity,
    before: spread.before[quantity],
    after: spread.after[quantity],
    foretold: spread.foretold?.[quantity] ?? null,
    grew: spread.grew.some((one) => one.quantity === quantity),
  }));
}

/** What grew, once as it was foretold and once where nobody could know it. */
export function grewIn(spread: Album['spread']): readonly {
  readonly kind: 'foretold' | 'unforeseen';
  readonly quantities: readonly SpreadQuantity[];
}[] {
  const of = (foretold: boolean): SpreadQuantity[] =>
    (spread?.grew ?? []).filter((one) => one.foretold === foretold).map(({ quantity }) => quantity);
  return [
    { kind: 'unforeseen' as const, quantities: of(false) },
    { kind: 'foretold' as const, quantities: of(true) },
  ].filter(({ quantities }) => quantities.length > 0);
}
