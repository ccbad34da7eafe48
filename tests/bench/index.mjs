/**
 * `npm run bench -- restore|ingest|unattended|desk`: runs one measurement, or the first two where none is named; numbers and options after a name go to
 * it (`restore 12 400`). Exit 1 where a bar is not reached.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const benches = {
  restore: 'restore.bench.mjs',
  ingest: 'ingest.bench.mjs',
  unattended: 'unattended.bench.mjs',
  desk: 'desk.bench.mjs',
};
/** Run only where they are named: they take their time. */
const long = ['unattended', 'desk'];
/** Names with what follows them: a number, an option or its value is no name. */
const wanted = [];
for (const word of process.argv.slice(2)) {
  const last = wanted.at(-1);
  if (last !== undefined && (/^(\d|-)/.test(word) || last.words.at(-1)?.startsWith('-'))) last.words.push(word);
  else wanted.push({ name: word, words: [] });
}
const unknown = wanted.map(({ name }) => name).filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no measurement "${unknown.join(', ')}". Measurements: ${Object.keys(benches).join(', ')}.`);
  process.exitCode = 2;
} else {
  const all = Object.keys(benches)
    .filter((name) => !long.includes(name))
    .map((name) => ({ name, words: [] }));
  for (const { name, words } of wanted.length > 0 ? wanted : all) {
    console.log(`── ${name}`);
    const run = spawnSync(process.execPath, [join(import.meta.dirname, benches[name]), ...words], { stdio: 'inherit' });
    if (run.status !== 0) process.exitCode = 1;
  }
}
