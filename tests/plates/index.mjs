/**
 * The whole way on real glass plates, which are not part of the repository: `node tools/start.mjs plates`. They lie in the
 * folder named by ALBUMEN_PLATES, or in `shared/data/plates` beside the repository; where there are none, it says so and
 * checks nothing. Screenshots are kept in ALBUMEN_SCREENSHOTS.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../tools/places.mjs';
import { openBrowser, openWindow, signIn } from '../e2e/browser.mjs';
import { Checks, must, RunEnded } from '../e2e/checks.mjs';
import { freePorts, startAlbumen } from '../e2e/server.mjs';

const plates = process.env.ALBUMEN_PLATES ?? join(root, '..', 'shared', 'data', 'plates');
const rightsUri = 'http://rightsstatements.org/vocab/NKC/1.0/';

if (!existsSync(plates)) console.log(`Skipped: there are no plates in ${plates}.`);
else process.exitCode = await run();

async function run() {
  const scratch = mkdtempSync(join(tmpdir(), 'albumen-plates-'));
  const data = join(scratch, 'data');
  const wanted = readdirSync(plates).length;
  const checks = new Checks(process.env.ALBUMEN_SCREENSHOTS ?? join(scratch, 'screenshots'));
  let server;
  let browser;
  try {
    const port = await freePorts();
    server = await checks.check('albumen up starts', () => startAlbumen({ data, port }));
    const environment = { ...process.env, ALBUMEN_DATA: data, ALBUMEN_PORT: String(port) };
    await checks.check(`all ${wanted} plates are taken in, analysed and restored`, async () => {
      const done = await ingest(environment);
      must(done.received === wanted && done.refused === 0, `received ${done.received}, refused ${done.refused}`);
      const { total, settled, failed, proposed, unneeded } = done.processed;
      must(settled === total && failed === 0, `settled ${settled} of ${total}, failed ${failed}`);
      must(proposed + unneeded === wanted && proposed > 0, `proposed ${proposed}, no treatment needed ${unneeded}`);
      console.log(`      proposed ${proposed}, no treatment needed ${unneeded}`);
    });
    browser = await openBrowser();
    const { page } = await openWindow(browser);
    checks.watch(() => [page]);
    let itemId = '';
    await checks.check('every proposal opens on the desk, and one is approved by key', async () => {
      await signIn(page, `${server.address}/desk/reviews`, 'curator');
      await page.goto(`${server.address}/desk/reviews`);
      const links = page.locator('a[href*="/desk/reviews/"]').filter({ has: page.locator('.what') });
      await links.first().waitFor();
      const places = await links.evaluateAll((found) => found.map((link) => link.getAttribute('href')));
      for (const [index, place] of places.entries()) {
        await page.goto(`${server.address}${place}`);
        await page.getByRole('button', { name: /Approve and next/ }).waitFor();
        await page.waitForLoadState('networkidle');
        await checks.picture(page, `plate-${index + 1}-desk`);
      }
      await page.goto(`${server.address}${places[0]}`);
      const approve = page.getByRole('button', { name: /Approve and next/ });
      await approve.waitFor();
      itemId = (await page.getByRole('link', { name: 'Open the item' }).getAttribute('href')).split('/').at(-1);
      await page.waitForTimeout(1500);
      const answer = page.waitForResponse((response) => /\/decision$/.test(response.url()));
      await page.keyboard.press('a');
      must((await answer).ok(), `the decision was answered ${(await answer).status()}`);
    });
    await checks.check('the approved one is described and published', async () => {
      await page.goto(`${server.address}/desk/items/${itemId}`);
      await page.getByLabel('Title, English').fill('Plate');
      await page.getByLabel('Title, Vietnamese').fill('Tấm kính');
      await page.locator(`select:has(option[value="${rightsUri}"])`).first().selectOption(rightsUri);
      await page.getByText(/^\s*Saved, version/).waitFor();
      const publish = page.getByRole('button', { name: /^(public\s*)?Publish$/ });
      const until = Date.now() + 180_000;
      do {
        must(Date.now() < until, 'the rules of publication were not met in time');
        await page.goto(`${server.address}/desk/items/${itemId}/publication`);
        await publish.waitFor();
        await page.waitForTimeout(1000);
      } while (!(await publish.isEnabled()));
      await publish.click();
      await page
        .getByText(/Release 1/)
        .first()
        .waitFor();
    });
    await checks.check('its public page opens with tiles', async () => {
      const stranger = await openWindow(browser);
      const tiles = [];
      stranger.page.on('response', (response) => {
        if (/\/iiif\/image\/.*\/default\.jpg/.test(response.url())) tiles.push(response.status());
      });
      await stranger.page.goto(`${server.address}/photographs/${itemId}`);
      await stranger.page.getByRole('heading', { name: /What was changed/i }).waitFor();
      await stranger.page.waitForLoadState('networkidle');
      await checks.picture(stranger.page, 'plate-public', { fullPage: true });
      must(tiles.length > 0 && tiles.every((status) => status === 200), `tiles were answered ${tiles.join(', ')}`);
      must(stranger.faults.length === 0, stranger.faults.join('\n'));
    });
  } catch (error) {
    if (!(error instanceof RunEnded)) {
      checks.failed += 1;
      console.log(error.stack);
    }
  } finally {
    await browser?.close();
    await server?.stop();
    if (checks.failed === 0) rmSync(scratch, { recursive: true, force: true });
    else console.log(`Pictures and logs: ${checks.pictures}, ${join(data, 'logs')}`);
  }
  return checks.finish();
}

/** `albumen ingest --wait`; answers its JSON result. */
function ingest(environment) {
  const program = join(root, 'apps/cli/bin/albumen.mjs');
  const child = spawn(process.execPath, [program, 'ingest', plates, '--collection', 'Plates', '--wait', '--json'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (text.trim() === '') reject(new Error(`albumen ingest ended with ${code} and said nothing`));
      else resolve(JSON.parse(text));
    });
  });
}
