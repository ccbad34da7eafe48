/** `npm run bench -- restore|ingest`: runs one measurement, or all where none is named. Exit 1 where a bar is not reached. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const benches = { restore: 'restore.bench.mjs', ingest: 'ingest.bench.mjs' };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no measurement "${unknown.join(', ')}". Measurements: ${Object.keys(benches).join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
    console.log(`── ${name}`);
    const run = spawnSync(process.execPath, [join(import.meta.dirname, benches[name])], { stdio: 'inherit' });
    if (run.status !== 0) process.exitCode = 1;
  }
}
