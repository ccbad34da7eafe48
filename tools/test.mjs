/**
 * Runs every test and adds everything up in one last line, `N passed, N failed`. With `--check`: the gate alone (format,
 * lint, types, boundaries, unit tests, drift). Other words name the steps to run. Exit code 0 only where nothing failed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './building.mjs';
import { ensureBrowser } from './browser.mjs';
import { lint } from './lint.mjs';
import { at, Plain, programEnvironment, root, runtimeNode } from './places.mjs';

const reports = mkdtempSync(join(tmpdir(), 'albumen-tests-'));
const say = (line) => process.stdout.write(`${line}\n`);

/** A step answers how many checks passed and failed; a step that throws counts as one failed check. */
const gate = {
  format: () => program('prettier', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
  lint: () => {
    const { status, output } = lint();
    if (status !== 0) say(output.trim());
    return one(status === 0);
  },
  types: () => program('tsc', ['node_modules/typescript/bin/tsc', '-b']),
  boundaries: () =>
    program('depcruise', [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      ...['apps', 'libs', 'migrations', '--config', '.dependency-cruiser.mjs', '--output-type', 'err'],
    ]),
  unit: () => vitest('unit', ['libs', 'apps', 'migrations', 'tools'], root),
  'portal-unit': () => vitest('portal-unit', [], at('apps', 'portal')),
  drift: () => vitest('drift', ['tests/http/openapi.spec.ts'], root),
};

const rest = {
  build: async () => {
    await ensureBuilt(say);
    return one(true);
  },
  together: () => vitest('together', ['tests'], root),
  models: () => program('models', ['models/evaluate.mjs'], { quiet: false }),
  browser: async () => {
    await ensureBuilt(say);
    const browser = await ensureBrowser(say);
    return counted('browser', ['tests/e2e/index.mjs'], { ALBUMEN_BROWSER: browser });
  },
};

async function main(args) {
  const all = { ...gate, ...rest };
  const named = args.filter((word) => !word.startsWith('--'));
  const unknown = named.filter((word) => !Object.hasOwn(all, word));
  if (unknown.length > 0) {
    say(`There is no step ${unknown.join(', ')}. Steps: ${Object.keys(all).join(', ')}.`);
    return 2;
  }
  // The comparison of the OpenAPI document is one of the tests that need several projects; it is counted once.
  const everything = Object.keys(all).filter((name) => name !== 'drift');
  const names = named.length > 0 ? named : args.includes('--check') ? Object.keys(gate) : everything;
  const total = { passed: 0, failed: 0 };
  const failures = [];
  const started = Date.now();
  // Restorations are computed in a child process, and models judged by the engine, as built; where the build fails, that is said.
  if (names.some((name) => ['unit', 'drift', 'together', 'models'].includes(name))) await ensureServer(total, failures);
  for (const name of order(names)) {
    const begun = Date.now();
    say(`\n── ${name} ${'─'.repeat(Math.max(1, 60 - name.length))}`);
    const result = await attempt(all[name]);
    total.passed += result.passed;
    total.failed += result.failed;
    if (result.failed > 0) failures.push(`${name} (${result.failed})`);
    say(`   ${name}: ${result.passed} passed, ${result.failed} failed, ${seconds(begun)} s`);
  }
  rmSync(reports, { recursive: true, force: true });
  say('');
  if (failures.length > 0) say(`Failed: ${failures.join(', ')}`);
  say(`Took ${seconds(started)} s.`);
  say(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** What must be built comes before what asks it. */
function order(names) {
  const first = ['format', 'lint', 'types', 'build', 'boundaries', 'unit', 'portal-unit', 'drift'];
  return [...names].sort((a, b) => place(a) - place(b));
  function place(name) {
    return first.includes(name) ? first.indexOf(name) : first.length + Object.keys(rest).indexOf(name);
  }
}

async function ensureServer(total, failures) {
  try {
    await ensureBuilt(say, ['server']);
  } catch (error) {
    say(error.message);
    total.failed += 1;
    failures.push('build (1)');
  }
}

async function attempt(step) {
  try {
    return await step();
  } catch (error) {
    say(error instanceof Plain ? error.message : (error.stack ?? String(error)));
    return { passed: 0, failed: 1 };
  }
}

const one = (good) => ({ passed: good ? 1 : 0, failed: good ? 0 : 1 });
const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);

async function program(name, argv, { quiet = true } = {}) {
  const { code, text } = await run(argv, { capture: quiet });
  if (code !== 0 && quiet) say(text.trim().slice(-12_000));
  return one(code === 0);
}

/** Counts of a vitest run from its JSON report. A run without a report, or one that ran nothing, is a failure. */
async function vitest(name, filters, cwd) {
  const report = join(reports, `${name}.json`);
  const { code } = await run(
    [
      at('node_modules', 'vitest', 'vitest.mjs'),
      ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters],
    ],
    { cwd },
  );
  return counts(report, code, 'numPassedTests', 'numFailedTests');
}

/** A program of ours that writes `{passed, failed}` to the file named in ALBUMEN_TEST_REPORT. */
async function counted(name, argv, extra) {
  const report = join(reports, `${name}.json`);
  const { code } = await run(argv, { extra: { ...extra, ALBUMEN_TEST_REPORT: report } });
  return counts(report, code, 'passed', 'failed');
}

function counts(report, code, passedName, failedName) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const read = JSON.parse(readFileSync(report, 'utf8'));
  const passed = read[passedName] ?? 0;
  const failed = read[failedName] ?? 0;
  const hidden = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: hidden ? 1 : failed };
}

function run(argv, { cwd = root, extra = {}, capture = false } = {}) {
  const child = spawn(runtimeNode(), argv, {
    cwd,
    env: programEnvironment({ NX_DAEMON: 'false', NO_COLOR: '1', FORCE_COLOR: '0', ...extra }),
    stdio: ['ignore', capture ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit'],
  });
  let text = '';
  child.stdout?.on('data', (chunk) => (text += chunk));
  child.stderr?.on('data', (chunk) => (text += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: signal ?? code, text }));
  });
}

process.exitCode = await main(process.argv.slice(2));
