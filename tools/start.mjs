#!/usr/bin/env node
/**
 * The first thing every command runs, on Node 20 or newer and without any package: installs where the lock file
 * changed, builds what changed, then hands over to the Node 24 that came with the packages.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ensureBuilt } from './building.mjs';
import { ensureInstalled } from './installing.mjs';
import { at, Plain, programEnvironment, root, runtimeNode } from './places.mjs';

const commands = {
  up: { build: ['server', 'portal'], program: ['apps/cli/bin/albumen.mjs', 'up'], says: 'starts Albumen' },
  test: { build: [], program: ['tools/test.mjs'], says: 'runs every test and ends with one line of totals' },
  check: { build: [], program: ['tools/test.mjs', '--check'], says: 'format, lint, types, boundaries, unit tests' },
  build: { build: ['server', 'portal'], says: 'builds what changed' },
  bench: { build: ['server'], program: ['tests/bench/index.mjs'], says: 'measures: restore, ingest, unattended, desk' },
  webgpu: { build: ['server'], program: ['tests/webgpu/index.mjs'], says: 'a restoration by WebGPU, without a card' },
  plates: { build: ['server', 'portal'], program: ['tests/plates/index.mjs'], says: 'the whole way on real plates' },
  cli: { build: ['server'], program: ['apps/cli/bin/albumen.mjs'], says: 'the albumen command line' },
  'models-evaluate': { build: ['server'], program: ['models/evaluate.mjs'], says: 'evaluates the models' },
};

const say = (line) => process.stderr.write(`${line}\n`);

try {
  process.exitCode = await main(process.argv[2], process.argv.slice(3));
} catch (error) {
  say(error instanceof Plain ? error.message : `Albumen could not start: ${error.message}.`);
  process.exitCode = 1;
}

async function main(name, args) {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Plain(`Node ${process.versions.node} is too old: install Node 20 or newer.`);
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (command === undefined) {
    const lines = Object.entries(commands).map(([word, { says }]) => `  ${word.padEnd(16)} ${says}`);
    say(`Usage: node tools/start.mjs COMMAND [options]\n${lines.join('\n')}`);
    return name === undefined || name === '--help' ? 0 : 2;
  }
  await ensureInstalled(say);
  await ensureBuilt(say, command.build);
  if (command.program === undefined) return 0;
  const [script, ...fixed] = command.program;
  return handOver([at(...script.split('/')), ...fixed, ...args]);
}

/** Runs the program on Node 24 with this process's streams; its exit code is ours, 128 + n after a signal. */
function handOver(argv) {
  const child = spawn(runtimeNode(), ['--enable-source-maps', ...argv], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: programEnvironment({ ALBUMEN_ROOT: root }),
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal === null ? code : 128 + constants.signals[signal]));
  });
}
