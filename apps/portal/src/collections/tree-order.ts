import type { CollectionView } from '@albumen/contracts';

/** A collection with how deep it stands. */
export interface Placed {
  readonly collection: CollectionView;
  readonly depth: number;
}

/** The flat list as a tree, parents before children, siblings in their given order. A row whose parent is missing stands at the top. */
export function inTreeOrder(rows: readonly CollectionView[]): readonly Placed[] {
  const known = new Set(rows.map(({ id }) => id));
  const children = new Map<string | null, CollectionView[]>();
  for (const row of rows) {
    const parent = row.parentId !== null && known.has(row.parentId) ? row.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), row]);
  }
  const placed: Placed[] = [];
  const walk = (parent: string | null, depth: number): void => {
    for (const collection of children.get(parent) ?? []) {
      placed.push({ collection, depth });
      walk(collection.id, depth + 1);
    }
  };
  walk(null, 0);
  return placed;
}
