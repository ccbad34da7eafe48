// From a decision to the next picture, as a person at the desk sees it: photographs of two megapixels through the real server,
// then one after the other approved by key in headless Chromium, with a pause in which the next is read ahead. From the key to
// the first frame in which the next picture is drawn, and to the frame after which nothing changes any more.
// `npm run bench -- desk`, `desk 8` for fewer photographs. Exit 1 where the 95th percentile is over the bar.
import { cpus, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { openBrowser, openWindow, signIn } from '../e2e/browser.mjs';
import { photographsIn, withPhotographs } from './photographs.mjs';

/** Milliseconds from the key to the next picture, 95th percentile. */
const bar = 150;
/** What a person looks at a picture for, at least: the next one is read ahead meanwhile. */
const lookMs = 2500;
const longestMs = 10 * 60_000;

const pictures = Number(process.argv[2] ?? 24);
if (!Number.isInteger(pictures) || pictures < 3) {
  console.error(`Expected a number of photographs, 3 or more, but received "${process.argv.slice(2).join(' ')}".`);
  process.exit(2);
}
await withPhotographs(pictures, 'Many decisions', async ({ server, installation }) => {
  const proposed = await waitForProposals(installation);
  console.log(`${proposed} of ${pictures} photographs proposed, ${cpus().length} cores, load ${load()} before`);
  const browser = await openBrowser();
  try {
    report(await decide(browser, server.address, proposed));
  } finally {
    await browser.close();
  }
});

function load() {
  return loadavg()[0].toFixed(1);
}

async function waitForProposals(installation) {
  const until = Date.now() + longestMs;
  for (;;) {
    const state = await photographsIn(installation);
    if (state.received === pictures && state.done === pictures) return state.proposed;
    if (Date.now() > until) throw new Error(`Not everything was proposed in time: ${JSON.stringify(state)}`);
    await pause(2000);
  }
}

/** Approves one review after the other; answers the milliseconds of each. */
async function decide(browser, address, proposed) {
  const { page, faults } = await openWindow(browser);
  await page.addInitScript(watchPictures);
  await signIn(page, `${address}/desk/reviews`, 'curator');
  await page.goto(`${address}/desk/reviews`);
  await page.locator('a[href*="/desk/reviews/"]').first().click();
  await page.waitForURL(/\/desk\/reviews\/[0-9a-f-]{36}/);
  await page.getByRole('button', { name: /Approve and next/ }).waitFor();
  const all = [];
  for (let number = 1; number < proposed; number++) {
    await pause(lookMs);
    const before = page.url();
    await page.evaluate(() => globalThis.watchNext());
    await page.keyboard.press('a');
    await page.waitForURL((url) => url.href !== before, { timeout: 30_000 });
    all.push(await page.evaluate(() => globalThis.seen));
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return all;
}

/** In the page: from the next key on, when nine places of every canvas that is shown have another picture on them. */
function watchPictures() {
  const places = () =>
    [...document.querySelectorAll('albumen-comparison canvas')]
      .filter((canvas) => canvas.width > 0 && canvas.offsetParent !== null)
      .map((canvas) => {
        const context = canvas.getContext('2d');
        return [0.25, 0.5, 0.75].flatMap((x) =>
          [0.3, 0.5, 0.7].map((y) => [...context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data].join()),
        );
      });
  globalThis.watchNext = () => {
    const before = places();
    globalThis.seen = new Promise((resolve) => {
      document.addEventListener('keydown', (event) => follow(before, event.timeStamp, resolve), {
        once: true,
        capture: true,
      });
    });
  };
  function follow(before, from, resolve) {
    const address = location.href;
    let [first, last] = [null, null];
    let shown = JSON.stringify(before);
    const look = () => {
      const now = performance.now();
      const seen = places();
      const said = JSON.stringify(seen);
      const drawn = seen.length > 0 && seen.every((one) => one.filter((place) => !place.endsWith(',0')).length >= 5);
      if (said !== shown) {
        shown = said;
        last = now;
        if (first === null && drawn && location.href !== address) first = now;
      }
      if (first === null ? now - from < 20_000 : now - last < 1000) return void requestAnimationFrame(look);
      const told = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/decision'));
      const since = (when) => (when === null ? null : when - from);
      resolve({ first: since(first), last: since(last), decided: told.at(-1)?.duration ?? null });
    };
    requestAnimationFrame(look);
  }
}

function at(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

function report(all) {
  const missed = all.filter(({ first }) => first === null).length;
  const of = (name) => all.map((one) => one[name]).filter((value) => value !== null);
  const line = (words, values) =>
    console.log(`${words}: median ${at(values, 0.5).toFixed(0)} ms, 95th percentile ${at(values, 0.95).toFixed(0)} ms`);
  line('the server writes the decision', of('decided'));
  line('key to the last change of the picture', of('last'));
  line('key to the next picture', of('first'));
  const reached = missed === 0 && at(of('first'), 0.95) <= bar;
  console.log(
    `${reached ? 'held  ' : 'MISSED'} ${all.length} decisions, ${missed} without a next picture in time, bar ${bar} ms, load ${load()} at the end`,
  );
  process.exitCode = reached ? 0 : 1;
}
