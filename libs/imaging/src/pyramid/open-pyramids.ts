import { forgetEdgeTiles } from './edge-tiles.js';
import { PyramidFile, type PyramidInfo } from './pyramid-file.js';

interface Kept {
  readonly opening: Promise<PyramidFile>;
  users: number;
  evicted: boolean;
}

const mostOpen = 128;
const kept = new Map<string, Kept>();

/** Runs `work` on the pyramid at that path; directories and handle of the last 128 pyramids are kept. */
export async function withPyramid<T>(path: string, work: (pyramid: PyramidFile) => Promise<T>): Promise<T> {
  const entry = take(path);
  try {
    return await work(await entry.opening);
  } finally {
    entry.users--;
    if (entry.evicted && entry.users === 0) await closeQuietly(entry);
  }
}

/** Sizes of the levels of a pyramid. Throws `image.not-found`, `file.damaged`. */
export async function readPyramid(path: string): Promise<PyramidInfo> {
  return withPyramid(path, async (pyramid) => pyramid.info);
}

/** Closes the kept pyramid of that path, or all; call before a pyramid file is removed or replaced, and at the end. */
export async function forgetPyramids(path?: string): Promise<void> {
  forgetEdgeTiles(path === undefined ? '' : `${path}:`);
  for (const [name, entry] of [...kept]) if (path === undefined || name === path) await evict(name, entry);
}

function take(path: string): Kept {
  const found = kept.get(path);
  const entry: Kept = found ?? { opening: PyramidFile.open(path), users: 0, evicted: false };
  kept.delete(path);
  kept.set(path, entry);
  entry.users++;
  // A pyramid that could not be opened is not remembered: it may be there at the next request.
  if (!found) entry.opening.catch(() => kept.get(path) === entry && kept.delete(path));
  for (const [name, old] of kept) {
    if (kept.size <= mostOpen) break;
    if (old !== entry) void evict(name, old);
  }
  return entry;
}

async function evict(path: string, entry: Kept): Promise<void> {
  if (kept.get(path) === entry) kept.delete(path);
  entry.evicted = true;
  if (entry.users === 0) await closeQuietly(entry);
}

/** An entry whose opening failed has nothing to close; its error went to the one who asked. */
async function closeQuietly(entry: Kept): Promise<void> {
  const [opening] = await Promise.allSettled([entry.opening]);
  if (opening.status === 'fulfilled') await opening.value.close();
}
