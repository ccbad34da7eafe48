import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, root } from '../../tools/places.mjs';
import { signIn } from './browser.mjs';
import { must, mustAnswer, mustBecome, restingBox } from './checks.mjs';

const licence = 'Apache-2.0';

/**
 * Models that an institution brings in: from the command on the server, through quarantine and an administrator's
 * acceptance, to a step of a recipe that names one, and out again. The models are tiny graphs of the project's own.
 */
export async function broughtInModels(checks, data, way) {
  const windowsBefore = way.windows.length;
  const { page } = await way.open();
  const card = (id) => page.locator('albumen-model-card').filter({ hasText: `${id} version 1.0.0` });

  await checks.check(
    'the page of models shows Albumen’s own with what they miss, and how to bring one in',
    async () => {
      await signIn(page, `${way.address}/desk`, 'administrator');
      await page.getByRole('link', { name: 'Models', exact: true }).click();
      await card('restore-s').waitFor();
      await page.getByText('No model was brought in').waitFor();
      await page.getByText('albumen models add net.onnx').waitFor();
      const own = card('damage-s');
      await own.getByRole('heading', { name: 'What it misses' }).waitFor();
      await own.locator('.missed li').first().waitFor();
      const missed = await own.locator('.missed li').count();
      const held = await own.getByText(/bars? reached on every set/).textContent();
      const [reached, all] = (held.match(/(\d+) of (\d+)/) ?? []).slice(1).map(Number);
      must(all - reached === missed, `${missed} are listed as missed, and it says: ${held}`);
      await own.getByText(/^All figures/).click();
      await mustBecome(
        () => own.locator('table tbody tr').count(),
        (figures) => figures > missed,
        (figures) => `${figures} figures`,
      );
      must(
        (await page.getByRole('button', { name: 'Remove' }).count()) === 0,
        'a model of Albumen’s own can be removed',
      );
    },
  );

  await checks.check('without a model, steps that need one are not offered', async () => {
    await page.goto(`${way.address}/desk/items/${way.itemId}`);
    await page.getByRole('button', { name: 'Ask for a restoration' }).click();
    const steps = page.locator('albumen-step-choice .step');
    await steps.first().waitFor();
    must((await steps.getByText('lost areas rebuilt').count()) === 0, 'lost areas are offered');
    must((await steps.getByText('suggested colour').count()) === 0, 'a suggestion of colour is offered');
    must((await page.getByRole('button', { name: 'Lost area' }).count()) === 0, 'the tool for lost areas is offered');
  });

  await checks.check('models brought in by the command stand in quarantine until they are accepted', async () => {
    await bringIn(data, 'fills', 'hole-is-1', 'inpaint');
    await bringIn(data, 'colours', 'colours', 'lab-ab');
    await page.goto(`${way.address}/desk/models`);
    await page.getByRole('heading', { name: 'Waits for an administrator' }).waitFor();
    await card('colours').getByText('Nobody has measured this model here').waitFor();
    await checks.picture(page, 'desk-models', { fullPage: true });
    const archivist = await way.open();
    await signIn(archivist.page, `${way.address}/desk`, 'archivist');
    await archivist.page.goto(`${way.address}/desk/models`);
    await archivist.page.getByText('An administrator can accept it.').first().waitFor();
    must((await archivist.page.getByRole('button', { name: 'Accept' }).count()) === 0, 'an archivist may accept');
    await archivist.context.close();
  });

  await checks.check('accepting needs the licence it came under, and a level', async () => {
    await accept(card('fills'), 'MIT', '2');
    await card('fills').getByRole('alert').waitFor();
    await accept(card('fills'), licence, '2');
    await card('fills').getByText('accepted for use').waitFor();
    await card('colours').getByRole('button', { name: 'Accept', exact: true }).click();
    await mustBecome(
      () => card('colours').locator('form option').allTextContents(),
      (levels) => levels.length === 1,
      (levels) => `a suggestion of colour may be accepted for ${levels.join(', ')}`,
    );
    await accept(card('colours'), licence, '3');
    await card('colours').getByText('accepted for use').waitFor();
    await page.goto(`${way.address}/desk/audit`);
    await page.getByText('accepted a model for use').nth(1).waitFor();
  });

  await checks.check('a collection’s level decides which of them its recipes may use', async () => {
    await page.goto(`${way.address}/desk/items/${way.itemId}`);
    await page.getByRole('button', { name: 'Ask for a restoration' }).click();
    const step = page.locator('albumen-step-choice .step');
    await step
      .filter({ hasText: 'lost areas rebuilt' })
      .getByText(/allows level 1/)
      .waitFor();
    must((await page.getByRole('button', { name: 'Lost area' }).count()) === 0, 'lost areas can be painted at level 1');
    await step.filter({ hasText: 'suggested colour' }).getByText('made up by a model: no evidence').waitFor();
    await setLevel(page, way, '2');
    await page.goto(`${way.address}/desk/items/${way.itemId}`);
    await page.getByRole('button', { name: 'Ask for a restoration' }).click();
    await step
      .filter({ hasText: 'suggested colour' })
      .getByText(/allows level 2/)
      .waitFor();
  });

  await checks.check('a lost area is painted and sent with the model that rebuilds it', async () => {
    await page.getByRole('button', { name: 'Lost area' }).click();
    const layer = await restingBox(page.locator('albumen-pen-layer'));
    await page.mouse.move(layer.x + layer.width * 0.3, layer.y + layer.height * 0.4);
    await page.mouse.down();
    await page.mouse.move(layer.x + layer.width * 0.4, layer.y + layer.height * 0.5, { steps: 5 });
    await page.mouse.up();
    const editor = page.locator('albumen-recipe-editor');
    await editor.getByRole('heading', { name: 'Lost areas' }).waitFor();
    const rebuilt = editor.locator('.step').filter({ hasText: 'lost areas rebuilt' });
    await mustBecome(
      () => rebuilt.getByRole('checkbox').isChecked(),
      (isChosen) => isChosen,
      () => 'painting does not choose the step',
    );
    await mustBecome(
      () => rebuilt.getByRole('combobox').inputValue(),
      (model) => model === 'fills@1.0.0',
      (model) => `the model is named ${model}`,
    );
    const filled = editor.locator('.step').filter({ hasText: 'scratches and dust filled' });
    await filled.getByRole('combobox').selectOption('fills@1.0.0');
    await filled.getByText('level 2', { exact: false }).first().waitFor();
    await checks.picture(page, 'desk-item-models');
    const sent = page.waitForResponse(
      (response) => /\/restorations$/.test(response.url()) && response.request().method() === 'POST',
    );
    await editor.getByRole('button', { name: 'Ask for it' }).click();
    const answer = await sent;
    await mustAnswer(answer, 201);
    const { steps } = answer.request().postDataJSON();
    const lost = steps.find(({ operation }) => operation === 'rebuild-area');
    must(lost.strokes.length === 1 && lost.model.id === 'fills', 'the lost area or its model was not sent');
    must(steps.find(({ operation }) => operation === 'repair-damage').model.id === 'fills', 'the choice was not sent');
    await page.getByRole('button', { name: 'Cancel', exact: true }).first().click();
    await page.getByText('cancelled', { exact: true }).first().waitFor();
    await setLevel(page, way, '1');
  });

  await checks.check('two fingers move and zoom the picture while a tool is chosen, and draw nothing', () =>
    pinch(way),
  );

  await checks.check('a model is removed after one more question, and its report stays', async () => {
    await page.goto(`${way.address}/desk/models`);
    await card('colours').getByRole('button', { name: 'Remove', exact: true }).click();
    await card('colours').getByRole('button', { name: 'Keep it' }).click();
    await card('colours').getByText('accepted for use').waitFor();
    for (const id of ['colours', 'fills']) {
      await card(id).getByRole('button', { name: 'Remove', exact: true }).click();
      await card(id).getByRole('button', { name: 'Remove it' }).click();
      await card(id).getByText('removed, its report is kept').waitFor();
    }
    await page.getByRole('heading', { name: 'Removed', exact: true }).waitFor();
  });

  await checks.check('nothing went wrong with the models in any window', async () => {
    const faults = way.windows.slice(windowsBefore).flatMap((window) => window.faults);
    // A licence that is not the model's was refused on purpose, once.
    const others = faults.filter((fault) => !/status of 422 .*\/accept\)$/.test(fault));
    must(others.length === 0, others.join('\n'));
    must(faults.length - others.length === 1, `${faults.length - others.length} answers were refusals`);
  });
}

async function accept(card, named, level) {
  const open = card.getByRole('button', { name: 'Accept', exact: true });
  const form = card.getByLabel('Licence, written once more');
  await open.or(form).first().waitFor();
  if (await open.isVisible()) await open.click();
  await card.getByLabel('Licence, written once more').fill(named);
  await card.getByLabel('For treatment level').selectOption(level);
  await card.getByRole('button', { name: 'Accept for use' }).click();
}

async function setLevel(page, way, level) {
  await page.goto(`${way.address}/desk/collections/${way.collectionId}`);
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Highest treatment level').selectOption(level);
  await page.getByRole('button', { name: 'Save' }).click();
  await page
    .getByText(new RegExp(`level ${level},`))
    .first()
    .waitFor();
}

/** Brings a tiny graph in by the command, as an administrator of the server does. */
async function bringIn(data, id, twin, adapter) {
  const { twins, twinFile } = await import(at('libs', 'restoration', 'dist', 'testing', 'onnx-twins.js'));
  const folder = mkdtempSync(join(tmpdir(), 'albumen-model-'));
  const file = join(folder, `${id}.onnx`);
  writeFileSync(file, twinFile(twins[twin]));
  const words = ['models', 'add', file, '--licence', licence, '--adapter', adapter, '--id', id];
  const child = spawn(process.execPath, [join(root, 'apps/cli/bin/albumen.mjs'), ...words], {
    env: { ...process.env, ALBUMEN_DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  rmSync(folder, { recursive: true, force: true });
  must(code === 0, `albumen models add ended with ${code}:\n${said}`);
}

/** Two fingers of a touch screen on the layer that is drawn on. */
async function pinch(way) {
  const { context, page } = await way.open({ width: 1000, height: 800 });
  await signIn(page, `${way.address}/desk`, 'curator');
  await page.goto(`${way.address}/desk/items/${way.itemId}`);
  await page.getByRole('button', { name: 'Ask for a restoration' }).click();
  await page.getByRole('button', { name: 'Missed mark' }).click();
  const layer = await restingBox(page.locator('albumen-pen-layer'));
  const touch = await context.newCDPSession(page);
  const send = (type, ...touchPoints) => touch.send('Input.dispatchTouchEvent', { type, touchPoints });
  const [x, y] = [layer.x + layer.width / 2, layer.y + layer.height / 2];
  const drawn = page.locator('div.drawn');
  // One finger draws; what is drawn is laid over the picture and is as wide as it.
  await send('touchStart', { x, y, id: 1 });
  await send('touchMove', { x: x + 60, y, id: 1 });
  await send('touchEnd');
  await page.getByText(/line of \d+ points/).waitFor();
  const { width: before } = await restingBox(drawn);
  const fingers = (apart) => [
    { x: x - apart, y, id: 1 },
    { x: x + apart, y, id: 2 },
  ];
  await send('touchStart', ...fingers(40));
  for (const apart of [50, 60, 70, 80]) await send('touchMove', ...fingers(apart));
  await send('touchEnd');
  await mustBecome(
    async () => (await drawn.boundingBox())?.width ?? 0,
    (after) => after > before * 1.7 && after < before * 2.3,
    (after) => `the picture went from ${before} to ${after} px across`,
  );
  const lines = await page.getByText(/line of \d+ points|one point/).count();
  must(lines === 1, `${lines} things are drawn`);
  await context.close();
}
