import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;

/** A copy of the starting scripts, with an npm that obeys and notes its calls, and a program that ends with 7. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'albumen-start-'));
  mkdirSync(join(root, 'tools'));
  mkdirSync(join(root, 'bin'));
  for (const name of ['start.mjs', 'installing.mjs', 'building.mjs', 'places.mjs']) {
    copyFileSync(join(import.meta.dirname, name), join(root, 'tools', name));
  }
  writeFileSync(
    join(root, 'tools', 'test.mjs'),
    "console.log('handed over', process.argv.slice(2).join(' ')); process.exit(7);",
  );
  writeFileSync(join(root, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.0"}}}');
  npm('mkdir -p node_modules');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function npm(does: string): void {
  const path = join(root, 'bin', 'npm');
  writeFileSync(path, `#!/bin/sh\necho "$@" >> "${root}/calls"\ncd "${root}"\n${does}\n`);
  chmodSync(path, 0o755);
}

function start(...args: string[]): { readonly status: number | null; readonly said: string; readonly out: string } {
  const run = spawnSync(process.execPath, [join(root, 'tools', 'start.mjs'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: `${join(root, 'bin')}:/usr/bin:/bin` },
  });
  return { status: run.status, said: run.stderr, out: run.stdout };
}

const calls = (): number =>
  existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n').length : 0;

describe('the first start', () => {
  it('installs once, hands over words and exit code, and installs again when the lock file changes', () => {
    expect(start('check', 'types')).toMatchObject({ status: 7, out: 'handed over --check types\n' });
    expect(start('check').status).toBe(7);
    expect(calls()).toBe(1);
    writeFileSync(join(root, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"2.0.0"}}}');
    expect(start('check').said).toContain('Installing');
    expect(calls()).toBe(2);
  });

  it('says in one sentence why an installation failed, and does it again at the next start', () => {
    npm('echo "npm error ENOSPC: no space left on device" >&2; exit 1');
    const failed = start('check');
    expect(failed.status).toBe(1);
    expect(failed.said).toContain('stopped because the disk is full');
    expect(failed.said).not.toMatch(/\n\s+at /);
    npm('mkdir -p node_modules');
    const again = start('check');
    expect(again.said).toContain('An earlier installation was cut off');
    expect(again.status).toBe(7);
  });

  it('takes an installation that somebody made by hand', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(
      join(root, 'node_modules', '.package-lock.json'),
      '{"packages":{"node_modules/a":{"version":"1.0.0"}}}',
    );
    expect(start('check').status).toBe(7);
    expect(calls()).toBe(0);
  });

  it('names its commands where it is given none or a wrong one', () => {
    expect(start().status).toBe(0);
    expect(start('nonsense')).toMatchObject({ status: 2 });
    expect(start('nonsense').said).toContain('up');
  });
});
