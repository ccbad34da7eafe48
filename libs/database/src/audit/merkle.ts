import { createHash } from 'node:crypto';

/** A SHA-256 hash, 32 bytes. */
export type Hash = Uint8Array;

const sha256 = (...parts: Uint8Array[]): Hash => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** RFC 6962 §2.1: the hash of a leaf is SHA-256(0x00 || leaf). */
export const hashLeaf = (leaf: Uint8Array): Hash => sha256(Uint8Array.of(0), leaf);

/** RFC 6962 §2.1: the hash of an inner node is SHA-256(0x01 || left || right). */
export const hashNode = (left: Hash, right: Hash): Hash => sha256(Uint8Array.of(1), left, right);

/** RFC 6962 §2.1: the hash of an empty tree is SHA-256 of nothing. */
export const emptyRoot = (): Hash => sha256();

/** The largest power of two below `size`, the split of RFC 6962 §2.1. Expects size > 1. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Answers the hash of the perfect subtree of 2^level leaves that starts at leaf `index · 2^level`. */
export type NodeReader = (level: number, index: number) => Promise<Hash>;

/** Root of the leaves [start, start+size); `start` must be a multiple of the largest power of two in `size`. */
export async function rootOf(start: number, size: number, node: NodeReader): Promise<Hash> {
  if (size === 0) return emptyRoot();
  const level = Math.log2(size);
  if (Number.isInteger(level)) return node(level, start / size);
  const split = splitOf(size);
  return hashNode(await rootOf(start, split, node), await rootOf(start + split, size - split, node));
}

/** RFC 6962 §2.1.1: audit path of leaf `index` in a tree of `size` leaves, lowest sibling first. */
export async function inclusionPath(index: number, size: number, node: NodeReader, start = 0): Promise<Hash[]> {
  if (size <= 1) return [];
  const split = splitOf(size);
  if (index < split) {
    return [...(await inclusionPath(index, split, node, start)), await rootOf(start + split, size - split, node)];
  }
  return [...(await inclusionPath(index - split, size - split, node, start + split)), await rootOf(start, split, node)];
}

/** Recomputes the root from a leaf's hash and its path (RFC 9162 §2.1.3.2); undefined where the path has a wrong length. */
export function rootFromPath(leafHash: Hash, index: number, size: number, path: readonly Hash[]): Hash | undefined {
  if (index >= size) return undefined;
  let at = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      hash = hashNode(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = hashNode(hash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}

/** Grows a tree leaf by leaf with memory of its right edge only; used to verify a whole log in one pass. */
export class GrowingTree {
  #edge: { level: number; hash: Hash }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(leafHash: Hash): void {
    let node = { level: 0, hash: leafHash };
    for (let left = this.#edge.at(-1); left && left.level === node.level; left = this.#edge.at(-1)) {
      this.#edge.pop();
      node = { level: node.level + 1, hash: hashNode(left.hash, node.hash) };
    }
    this.#edge.push(node);
    this.#size += 1;
  }

  root(): Hash {
    return this.#edge.length === 0
      ? emptyRoot()
      : this.#edge.map((node) => node.hash).reduceRight((right, left) => hashNode(left, right));
  }
}
