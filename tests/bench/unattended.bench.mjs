// Photographs left to themselves: a folder of drawn photographs of two megapixels through the real server (`albumen up` with
// its own database, API and worker), from arrival to proposals, nobody helping. What the queue says is left is taken when
// ten are done and held against the truth at the end. `npm run bench -- unattended`, `unattended 20` for fewer photographs,
// `unattended 8 4` to ask when four are done. Exit 1 where a photograph ends without a proposal or a measured "no treatment
// needed", or the estimate was off by more than the bar.
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { readRestorationQueue } from '@albumen/workflow';
import { photographsIn, size, withPhotographs } from './photographs.mjs';

/** The estimate may be off by this factor either way. */
const bar = 1.2;
/** Without any change for so long the run is given up. */
const longestSilenceMs = 15 * 60_000;

const [pictures, estimateAt] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 10)];
if (!Number.isInteger(pictures) || !Number.isInteger(estimateAt) || estimateAt < 1 || pictures <= estimateAt) {
  console.error(
    `Expected a number of photographs and a smaller one to estimate at, but received "${process.argv.slice(2).join(' ')}".`,
  );
  process.exit(2);
}
console.log(`${pictures} photographs of ${size.width}×${size.height}, ${cpus().length} cores, load ${load()} before`);
await withPhotographs(pictures, 'Left to itself', async ({ server, installation, arrived }) => {
  const estimate = await watch(server, installation, arrived);
  const ended = Date.now();
  report({ arrived, ended, estimate, end: await photographsIn(installation) });
});

function load() {
  return loadavg()[0].toFixed(1);
}

/** Waits until every photograph is done; answers what was estimated when ten were. */
async function watch(server, installation, arrived) {
  let estimate = null;
  let last = { done: -1, at: Date.now() };
  for (;;) {
    const state = await photographsIn(installation);
    if (state.done !== last.done) last = { done: state.done, at: Date.now() };
    if (estimate === null && state.done >= estimateAt && state.received === pictures) {
      const queue = await readRestorationQueue(installation.bench);
      estimate = { at: Date.now(), done: state.done, queue };
      console.log(
        `${state.done} done after ${seconds(Date.now() - arrived)}: ${queue.secondsLeft?.toFixed(0) ?? 'nobody knows how many'} s left, ` +
          `measured on ${queue.measuredOn} runs, ${queue.analysing.waiting} still to be measured`,
      );
    }
    if (state.received === pictures && state.done === pictures) return estimate;
    if (Date.now() - last.at > longestSilenceMs)
      throw new Error(`Nothing has moved for ${seconds(longestSilenceMs)}: ${JSON.stringify(state)}\n${server.said()}`);
    await pause(2000);
  }
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(0)} s`;
}

function report({ arrived, ended, estimate, end }) {
  console.log(
    `${pictures} photographs from arrival to proposals in ${seconds(ended - arrived)} ` +
      `(${((ended - arrived) / 1000 / pictures).toFixed(1)} s each), load ${load()} at the end`,
  );
  console.log(`proposed ${end.proposed}, no treatment needed ${end.fine}, failed ${end.failed}`);
  const truth = estimate === null ? null : (ended - estimate.at) / 1000;
  const said = estimate?.queue.secondsLeft ?? null;
  const ratio = said === null || truth === null || truth <= 0 ? null : said / truth;
  console.log(
    ratio === null
      ? 'MISSED an estimate at ten done: there was none'
      : `${held(ratio) ? 'held  ' : 'MISSED'} estimate at ${estimate.done} done ${said.toFixed(0)} s, truth ${truth.toFixed(0)} s, ratio ${ratio.toFixed(2)} (bar ${(1 / bar).toFixed(2)} to ${bar})`,
  );
  process.exitCode = end.failed === 0 && ratio !== null && held(ratio) ? 0 : 1;
}

function held(ratio) {
  return ratio >= 1 / bar && ratio <= bar;
}
