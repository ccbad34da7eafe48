import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { at, Plain, programEnvironment, root, runtimeNode } from './places.mjs';

const memory = at('node_modules', '.albumen-built.json');
const skipped = new Set(['node_modules', 'dist', '.angular', '.nx', 'coverage']);

/** What is built, from which sources, and what must be there afterwards. */
const parts = [
  {
    name: 'server',
    words: 'libraries, API, worker and command line',
    sources: ['libs', 'migrations', 'apps/api', 'apps/worker', 'apps/cli', 'tsconfig.base.json', 'tsconfig.json'],
    results: ['apps/api/dist/main.js', 'apps/worker/dist/main.js', 'apps/cli/dist/main.js'],
    program: () => [at('node_modules', 'typescript', 'bin', 'tsc'), '-b'],
    cwd: root,
  },
  {
    name: 'portal',
    words: 'portal',
    sources: ['apps/portal', 'libs/contracts/src', 'libs/domain/src'],
    results: ['apps/portal/dist'],
    program: () => [at('node_modules', '@angular', 'cli', 'bin', 'ng.js'), 'build'],
    cwd: at('apps', 'portal'),
  },
];

/**
 * Builds what changed since the last time, by the digest of the sources, and says which. Throws Plain with what the
 * compiler said.
 */
export async function ensureBuilt(say, only = parts.map((part) => part.name)) {
  const known = readMemory();
  for (const part of parts.filter((candidate) => only.includes(candidate.name))) {
    const digest = sourcesDigest(part.sources);
    const complete = part.results.every((result) => existsSync(at(...result.split('/'))));
    if (complete && known[part.name] === digest) continue;
    say(`Building the ${part.words}…`);
    const started = Date.now();
    await build(part);
    known[part.name] = digest;
    mkdirSync(at('node_modules'), { recursive: true });
    writeFileSync(memory, `${JSON.stringify(known, null, 2)}\n`);
    say(`Built the ${part.words} in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  }
}

function readMemory() {
  if (!existsSync(memory)) return {};
  try {
    return JSON.parse(readFileSync(memory, 'utf8'));
  } catch {
    return {}; // cut off while it was written: everything is built again
  }
}

/** sha256 over paths and contents of every source file below the given paths. */
export function sourcesDigest(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesBelow(at(...path.split('/')))) {
      hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !skipped.has(entry.name) && !entry.name.endsWith('.tsbuildinfo'))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) =>
        entry.isDirectory() ? filesBelow(join(path, entry.name)) : entry.isFile() ? [join(path, entry.name)] : [],
      );
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}

async function build(part) {
  const child = spawn(runtimeNode(), part.program(), {
    cwd: part.cwd,
    env: programEnvironment({ NG_CLI_ANALYTICS: 'false', NX_DAEMON: 'false' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const keep = (chunk) => (text += chunk);
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const beat = setInterval(() => process.stderr.write('.'), 5000);
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => resolve(signal ?? exit));
  }).finally(() => clearInterval(beat));
  if (code !== 0) throw new Plain(`The ${part.words} did not build (${code}):\n${text.trim().slice(-4000)}`);
}
