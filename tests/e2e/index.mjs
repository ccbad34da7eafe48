/**
 * The whole way in a real browser, through `albumen up` on an empty data folder. Pictures of the screens are kept in the
 * folder named by ALBUMEN_SCREENSHOTS, or in a temporary one that a run without failures removes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from './browser.mjs';
import { Checks, must, RunEnded } from './checks.mjs';
import { doubtfulMarks } from './doubtful-marks.mjs';
import { broughtInModels } from './models.mjs';
import { freePorts, startAlbumen } from './server.mjs';
import { screens, wholeWay, withdrawal } from './whole-way.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'albumen-e2e-'));
const data = join(scratch, 'data');
// What the browser and the server leave among the temporary files goes with the run.
process.env.TMPDIR = scratch;
const checks = new Checks(process.env.ALBUMEN_SCREENSHOTS ?? join(scratch, 'screenshots'));
let server;
let browser;
try {
  const port = await freePorts();
  server = await checks.check('albumen up starts on an empty folder', () => startAlbumen({ data, port }));
  browser = await checks.check('a browser is there', () => openBrowser());
  const way = await wholeWay(checks, browser, server.address);
  await doubtfulMarks(checks, way);
  await broughtInModels(checks, data, way);
  await screens(checks, browser, way);
  await withdrawal(checks, browser, way);
  await checks.check('after kill -9 it starts again by itself and finds everything as it was', async () => {
    const published = await (await fetch(`${server.address}/api/about`)).json();
    await server.kill();
    server = await startAlbumen({ data, port });
    const again = await (await fetch(`${server.address}/api/about`)).json();
    must(published.originals.total === 2, `there were ${published.originals.total} originals`);
    must(JSON.stringify(again.originals) === JSON.stringify(published.originals), 'the originals differ');
  });
  await checks.check('it stops cleanly, and the next start takes less than ten seconds', async () => {
    const asked = performance.now();
    must((await server.stop()) === 0, 'albumen up did not end with exit code 0');
    // Thirty seconds are what a part is given that does not end: with nothing in hand nobody may wait for that clock.
    const stopping = (performance.now() - asked) / 1000;
    must(stopping < 25, `it took ${stopping.toFixed(1)} s to stop`);
    server = await startAlbumen({ data, port });
    must(server.seconds < 10, `it took ${server.seconds.toFixed(1)} s`);
    console.log(`      ${server.seconds.toFixed(1)} s`);
  });
} catch (error) {
  if (!(error instanceof RunEnded)) {
    checks.failed += 1;
    console.log(error.stack);
  }
} finally {
  await browser?.close();
  const code = await server?.stop();
  if (server && code !== 0) {
    checks.failed += 1;
    console.log(`albumen up ended with ${code}:\n${server.said().slice(-3000)}`);
  }
  if (checks.failed === 0) rmSync(scratch, { recursive: true, force: true });
  else console.log(`Pictures and logs: ${checks.pictures}, ${join(data, 'logs')}`);
  process.exitCode = checks.finish();
}
