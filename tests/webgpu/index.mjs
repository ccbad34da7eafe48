/**
 * A restoration by WebGPU, without a graphics card: `node tools/start.mjs webgpu`. Chromium brings SwiftShader, a Vulkan
 * driver that computes on the processor; where there is none, this says so and fails. It takes some minutes, which is why no
 * test run waits for it.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { ensureBrowser } from '../../tools/browser.mjs';
import { root } from '../../tools/places.mjs';
import { Checks, must, RunEnded } from '../e2e/checks.mjs';

const driver = 'vk_swiftshader_icd.json';
const side = 96;
const scratch = mkdtempSync(join(tmpdir(), 'albumen-webgpu-'));
const checks = new Checks(join(scratch, 'screenshots'));
const original = join(scratch, 'photograph.png');
const models = ['--models', join(root, 'models')];
try {
  const vulkan = await checks.check('a Vulkan driver is there', async () =>
    softwareVulkan(await ensureBrowser(console.log)),
  );
  const levels = Uint8Array.from({ length: side * side }, (_, at) => 60 + (at % side) + (((at * 7919) % 127) - 63) / 3);
  await sharp(levels, { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toFile(original);
  const receipt = join(`${original}.albumen`, 'receipt.json');
  await checks.check('a picture is restored by WebGPU, and its receipt says so', async () => {
    const words = ['restore', original, '--steps', 'reduce-noise:1', '--provider', 'webgpu', ...models, '--json'];
    const { code, said } = await albumen(words, vulkan);
    must(code === 0 && existsSync(receipt), `albumen restore ended with ${code}: ${said}`);
    const { provider } = JSON.parse(readFileSync(receipt, 'utf8')).receipt.runtime;
    must(provider === 'webgpu', `the receipt names ${provider}`);
  });
  await checks.check('the processor computes it again, within the tolerance that the receipt promises', async () => {
    const { said } = await albumen(['rerun', receipt, '--original', original, ...models, '--json']);
    const { verdict } = JSON.parse(said.trim().split('\n').at(-1));
    must(verdict?.kind === 'within-tolerance' || verdict?.kind === 'identical', `the verdict is ${said}`);
    console.log(`      ${JSON.stringify(verdict)}`);
  });
} catch (error) {
  if (!(error instanceof RunEnded)) throw error;
} finally {
  rmSync(scratch, { recursive: true, force: true });
  process.exitCode = checks.finish();
}

/** Variables under which WebGPU finds the driver that lies beside that Chromium. */
function softwareVulkan(browser) {
  const folders = [
    dirname(realpathSync(browser)),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
  ];
  const folder = folders.find((each) => existsSync(join(each, driver)));
  must(folder !== undefined, `${driver} lies in none of ${folders.join(', ')}`);
  const path = join(folder, driver);
  return { VK_ICD_FILENAMES: path, VK_DRIVER_FILES: path, LD_LIBRARY_PATH: folder };
}

/** The built command, with a key of its own. */
function albumen(words, env = {}) {
  const child = spawn(process.execPath, [join(root, 'apps/cli/bin/albumen.mjs'), ...words], {
    cwd: scratch,
    env: { ...process.env, XDG_CONFIG_HOME: join(scratch, 'settings'), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve({ code, said })));
}
