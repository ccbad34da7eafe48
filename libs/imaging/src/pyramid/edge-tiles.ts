/** Bytes of cut edge tiles kept in memory. */
const budget = 16_000_000;

const kept = new Map<string, Uint8Array>();
let bytes = 0;

/** The kept edge tile of that name, or the one that `make` answers; the least recently asked ones are dropped first. */
export async function keptEdgeTile(name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const found = kept.get(name);
  if (found) {
    kept.delete(name);
    kept.set(name, found);
    return found;
  }
  const made = await make();
  if (kept.has(name)) return made;
  kept.set(name, made);
  bytes += made.byteLength;
  for (const [oldest, tile] of kept) {
    if (bytes <= budget) break;
    kept.delete(oldest);
    bytes -= tile.byteLength;
  }
  return made;
}

/** Drops the kept tiles whose name begins so, or all. */
export function forgetEdgeTiles(prefix = ''): void {
  for (const [name, tile] of [...kept]) {
    if (!name.startsWith(prefix)) continue;
    kept.delete(name);
    bytes -= tile.byteLength;
  }
}
