import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Path of a file of the repository, from its root. */
export const at = (...parts) => join(root, ...parts);

/** A fault that is told to the person as one plain sentence; nothing else is printed for it. */
export class Plain extends Error {}

/**
 * The Node 24 that this repository runs on: the one that came with `npm ci`, or the running one where it is new enough.
 * Throws Plain where there is neither.
 */
export function runtimeNode() {
  const brought = at('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(brought)) return brought;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Plain(
    `Albumen runs on Node 24. None came with the installation for ${process.platform}-${process.arch}, and the one here is ${process.versions.node}: install Node 24 and start again.`,
  );
}

/** Environment for programs of the repository: its Node and its programs come first on the path. */
export function programEnvironment(extra = {}) {
  const path = [dirname(runtimeNode()), at('node_modules', '.bin'), process.env.PATH ?? ''].join(':');
  return { ...process.env, PATH: path, ...extra };
}
