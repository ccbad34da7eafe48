import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { Plain } from './places.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * Path of a Chromium or Chrome: the one named in ALBUMEN_BROWSER, one that is installed, or Debian's, installed now
 * where this process is root. Throws Plain with what to install; tests in a browser are never skipped.
 */
export async function ensureBrowser(say) {
  const there = findBrowser();
  if (there !== undefined) return there;
  if (process.getuid?.() !== 0 || !isExecutable('/usr/bin/apt-get')) {
    throw new Plain(
      'The browser tests need Chromium or Chrome and none is installed: run "apt-get install chromium" as root, or set ALBUMEN_BROWSER to its path.',
    );
  }
  say('Installing Debian’s Chromium for the browser tests (about a minute)…');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const steps = [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
  ];
  for (const args of steps) {
    const result = spawnSync('apt-get', args, { env, encoding: 'utf8', maxBuffer: 64 << 20 });
    if (result.status !== 0) {
      const words = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-4).join('\n');
      throw new Plain(`Chromium could not be installed (apt-get ${args[0]}):\n${words}`);
    }
  }
  const installed = findBrowser();
  if (installed === undefined) throw new Plain('Chromium was installed but no program of that name is there.');
  return installed;
}

function findBrowser() {
  const named = process.env.ALBUMEN_BROWSER;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Plain(`ALBUMEN_BROWSER names ${named}, which cannot be run.`);
  }
  const folders = (process.env.PATH ?? '').split(':').concat('/usr/bin', '/snap/bin');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not for this user
  }
}
