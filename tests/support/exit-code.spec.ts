import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const vitest = resolve(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');

it('ends a failed test run with an exit code that says so, whatever the set-up imports', () => {
  const config = join(import.meta.dirname, 'not-ok', 'vitest.config.ts');
  const { status, stdout } = spawnSync(process.execPath, [vitest, 'run', '--config', config], { encoding: 'utf8' });
  expect(stdout).toContain('1 failed');
  expect(status).toBe(1);
});
