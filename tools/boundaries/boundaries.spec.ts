import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
// @ts-expect-error: a plain module without types
import { lint } from '../lint.mjs';

const root = new URL('../..', import.meta.url).pathname;
const planted = `${root}libs/storage/src/planted-import.ts`;

const cruise = () =>
  spawnSync(
    process.execPath,
    [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      'libs/storage/src',
      '--config',
      '.dependency-cruiser.mjs',
    ],
    { cwd: root, encoding: 'utf8' },
  );

afterEach(() => rmSync(planted, { force: true }));

/** What must be refused: a name for people, the line planted into libs/storage, and words of each tool's refusal. */
const forbidden: [string, string, RegExp, RegExp][] = [
  [
    'an import upward',
    `export { nextSteps } from '@albumen/workflow';\n`,
    /only depend on|Circular/i,
    /storage-imports-only-downward/,
  ],
  [
    'an import sideways',
    `export { Database } from '@albumen/database';\n`,
    /only depend on/i,
    /storage-imports-only-downward/,
  ],
  [
    'a relative way round',
    `export { Database } from '../../database/src/index.js';\n`,
    /relative or absolute path/i,
    /storage-imports-only-downward/,
  ],
  [
    'a package that has another owner',
    `export { default } from 'sharp';\n`,
    /not allowed to import "sharp"/i,
    /sharp-has-one-owner/,
  ],
];

describe('the levels', () => {
  it.each(forbidden)('are kept by both tools against %s', (_, line, eslintSays, cruiserSays) => {
    writeFileSync(planted, line);
    const linted = lint([planted]);
    expect(linted.output).toMatch(eslintSays);
    expect(linted.status).not.toBe(0);
    const cruised = cruise();
    expect(cruised.stdout).toMatch(cruiserSays);
    expect(cruised.status).not.toBe(0);
  });

  it('let an import downward pass in both tools', () => {
    writeFileSync(planted, `export { refuse } from '@albumen/domain';\n`);
    const linted = lint([planted]);
    expect(linted.status, linted.output).toBe(0);
    const cruised = cruise();
    expect(cruised.status, cruised.stdout).toBe(0);
  });
});
