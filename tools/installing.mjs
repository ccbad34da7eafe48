import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { at, Plain, root } from './places.mjs';

const marker = at('node_modules', '.albumen-installed');
const underWay = at('.albumen-installing');
const neededBytes = 2.5e9;

/**
 * Makes node_modules what package-lock.json says. Installs when the lock file has changed since, or when an earlier
 * installation was cut off; says so on stderr, and nothing where there is nothing to do. Throws Plain.
 */
export async function ensureInstalled(say) {
  const digest = lockDigest();
  const cutOff = existsSync(underWay);
  if (!cutOff && installedDigest() === digest) return;
  if (!cutOff && matchesLock()) {
    writeFileSync(marker, digest);
    return;
  }
  if (cutOff) say('An earlier installation was cut off. Installing again from the start.');
  requireSpace();
  say('Installing packages as the lock file names them (about a minute)…');
  const started = Date.now();
  writeFileSync(underWay, `${process.pid}\n`);
  await runNpm();
  rmSync(underWay, { force: true });
  writeFileSync(marker, digest);
  say(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

function lockDigest() {
  try {
    return createHash('sha256')
      .update(readFileSync(at('package-lock.json')))
      .digest('hex');
  } catch {
    throw new Plain('package-lock.json is missing or cannot be read: this is not a whole copy of the repository.');
  }
}

function installedDigest() {
  return existsSync(marker) ? readFileSync(marker, 'utf8').trim() : undefined;
}

/** True where somebody ran npm by hand and all that the lock file needs is there: npm writes its own list last. */
function matchesLock() {
  const list = at('node_modules', '.package-lock.json');
  if (!existsSync(list)) return false;
  try {
    const wanted = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
    const there = JSON.parse(readFileSync(list, 'utf8')).packages;
    return Object.entries(wanted).every(
      ([path, entry]) =>
        !path.includes('node_modules/') || entry.optional || entry.link || there[path]?.version === entry.version,
    );
  } catch {
    return false; // an unreadable list means: install again
  }
}

function requireSpace() {
  const disk = statfsSync(root);
  const free = disk.bavail * disk.bsize;
  if (free < neededBytes) {
    throw new Plain(
      `The disk is too full to install: ${(free / 1e9).toFixed(1)} GB are free in ${root} and ${neededBytes / 1e9} GB are needed.`,
    );
  }
}

async function runNpm() {
  const kept = [];
  const child = spawn('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const keep = (chunk) => {
    kept.push(...String(chunk).split('\n').filter(Boolean));
    kept.splice(0, Math.max(0, kept.length - 200));
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const beat = setInterval(() => process.stderr.write('.'), 5000);
  const stop = (signal) => child.kill(signal);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const code = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exit, signal) => resolve(signal ?? exit));
    });
    if (code !== 0) throw new Plain(installFault(code, kept));
  } catch (error) {
    if (error.code === 'ENOENT') throw new Plain('npm is missing: install Node 20 or newer together with npm.');
    throw error;
  } finally {
    clearInterval(beat);
    process.off('SIGINT', stop).off('SIGTERM', stop);
    process.stderr.write('\n');
  }
}

function installFault(code, lines) {
  const text = lines.join('\n');
  if (/ENOSPC/.test(text)) return 'The installation stopped because the disk is full. Free some space and start again.';
  if (/EACCES|EPERM/.test(text))
    return `The installation may not write in ${root}. Start it as the owner of that folder.`;
  if (/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ECONNRESET/.test(text))
    return 'The installation could not reach the npm registry. Check the network and start again; it continues by itself.';
  if (typeof code === 'string') return `The installation was cut off (${code}). The next start does it again.`;
  return `npm ci failed (exit ${code}). It said:\n${lines
    .filter((line) => !/npm warn/i.test(line))
    .slice(-12)
    .join('\n')}`;
}
