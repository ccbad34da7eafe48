import { join } from 'node:path';
import { root } from '../../tools/places.mjs';
import { accessibilityFaults, overflows, signIn } from './browser.mjs';
import { must, mustAnswer, mustBecome, restingBox } from './checks.mjs';

/** A board with handwriting, scratches and dust, 384 × 384 px; some of its doubtful marks are strokes of the pen. */
const photograph = join(root, 'tests/e2e/pictures/board-with-handwriting.jpg');
const fileName = 'board-with-handwriting.jpg';
/** A speck of doubtful dust beside the handwriting, in shares of the picture. */
const speck = [238 / 384, 173 / 384];
/** A busy machine may need this long for one picture. */
const patienceMs = 300_000;
const bar = 'albumen-doubtful-bar';

/** What the machine doubts is left to a person: lettering protected, marks chosen by mouse and by keys, views of a net. */
export async function doubtfulMarks(checks, way) {
  const { page, faults } = await way.open();
  const item = {};

  await checks.check('a picture with handwriting comes in, and its lettering is shown hatched', async () => {
    item.address = await bringIn(page, way);
    await page.goto(item.address);
    await page.getByRole('button', { name: 'Lettering, 3' }).click({ timeout: patienceMs });
    await page.getByText('Hatched: lettering, kept from every step').waitFor();
    const boxes = page.locator('.found .lettering');
    await mustBecome(
      () => boxes.evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundImage)),
      (all) => all.length === 3 && all.every((one) => one.includes('repeating-linear-gradient')),
      (all) => `the areas are not three that are hatched: ${all.join('; ')}`,
    );
    const found = await page
      .locator('albumen-damage-table')
      .getByText(/marks on it/)
      .textContent();
    await page
      .locator('albumen-damage-table')
      .getByText(/of them doubtful/)
      .first()
      .waitFor();
    item.onLettering = Number(found.match(/(\d+) marks on it/)?.[1]);
    must(item.onLettering > 0, `the damage report says: ${found}`);
    await checks.picture(page, 'desk-item-lettering');
    await mustBeSound(page);
  });

  await checks.check('by keys: marks on lettering are left alone, and another is asked to be repaired', async () => {
    await page.getByRole('button', { name: 'Ask for a restoration' }).click();
    const tool = page.getByRole('button', { name: 'Doubtful marks' });
    await tool.focus();
    await page.keyboard.press('Enter');
    const told = await page
      .locator(bar)
      .getByText(/\d+ doubtful marks/)
      .textContent();
    const marks = Number(told.match(/(\d+) doubtful marks/)[1]);
    await tabTo(page, 'Next mark');
    let kept = 0;
    const next = async () => {
      await wordsChange(page, () => page.keyboard.press('Enter'));
      const isKept = (await words(page)).includes('protected, stays as it is');
      if (isKept)
        await mustBecome(
          () => repair(page).isDisabled(),
          (isDisabled) => isDisabled,
          () => 'a mark on lettering can be asked to be repaired',
        );
      return isKept;
    };
    for (let step = 0; step < marks; step += 1) if (await next()) kept += 1;
    must(kept > 0, 'no doubtful mark lies on lettering');
    must(kept < marks, 'every doubtful mark is protected');
    while (await next());
    // The chosen mark is not covered by its colour, so that it can be judged.
    await mustNotBeCovered(page, () => ringMiddle(page));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await said(page, /will be repaired/).waitFor();
    await checks.picture(page, 'desk-item-doubtful');
    await mustBeSound(page);
  });

  await checks.check('by mouse: a speck is chosen, asked for, undone and asked for again', async () => {
    await page.getByRole('button', { name: 'Whole picture' }).click();
    const picture = await restingBox(page.locator('.doubtful canvas'));
    const [x, y] = [picture.x + speck[0] * picture.width, picture.y + speck[1] * picture.height];
    await mustBecome(
      () => isCovered(page, [x, y]),
      (isShown) => isShown,
      () => 'the speck is not shown',
    );
    await page.mouse.click(x, y);
    await page
      .locator(bar)
      .getByText(/Doubtful dust/)
      .waitFor();
    await mustNotBeCovered(page, () => [x, y]);
    await repair(page).click();
    await said(page, /will be repaired/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await said(page, /will be repaired/).waitFor({ state: 'detached' });
    await repair(page).click();
  });

  await checks.check('views of the noise net are chosen by mouse and by keys, and all of it is sent', async () => {
    const noise = page.locator('albumen-step-choice .step').filter({ hasText: 'Noise and grain' });
    await noise.getByRole('checkbox').check();
    const kinds = noise.getByRole('group', { name: /what is softened/ });
    await mustBePressed(kinds, 'as measured');
    await kinds.scrollIntoViewIfNeeded();
    await checks.picture(page, 'item-noise-1440');
    await kinds.getByRole('button', { name: 'white noise' }).click();
    await mustBePressed(kinds, 'white noise');
    const views = noise.getByRole('group', { name: /positions it looks from/ });
    await mustBecome(
      () => views.getByRole('button').allTextContents(),
      (offered) => offered.map((one) => one.trim()).join(' ') === '1 2 4 8',
      (offered) => `${offered.join(', ')} views are offered`,
    );
    await mustBePressed(views, '1');
    await views.getByRole('button', { name: '8' }).click();
    await mustBePressed(views, '8');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await mustBePressed(views, '2');
    const sent = page.waitForResponse(
      (response) => /\/restorations$/.test(response.url()) && response.request().method() === 'POST',
    );
    await page.getByRole('button', { name: 'Ask for it' }).click();
    const answer = await sent;
    await mustAnswer(answer, 201);
    const { steps, protect } = answer.request().postDataJSON();
    const step = (name) => steps.find(({ operation }) => operation === name);
    must(step('repair-damage').strokes.length === 2, `${step('repair-damage').strokes.length} marks were sent`);
    must(step('reduce-noise').parameters.views === 2, 'the views were not sent');
    must(step('reduce-noise').parameters.white === 1, 'that white noise alone is softened was not sent');
    must(
      protect.length === 3 && protect.every(({ reason }) => reason === 'lettering'),
      `protected were ${JSON.stringify(protect)}`,
    );
  });

  await checks.check('the proposal repairs what was asked for, as drawn marks that a reviewer decides', async () => {
    const own = page.locator('.restoration').filter({ hasText: 'noise and grain' });
    await own.getByText('proposed, waits for review').waitFor({ timeout: patienceMs });
    await own.getByRole('link', { name: 'Open on the desk' }).click();
    await page.getByText('Recipe in detail').waitFor();
    const drawn = page.locator('albumen-change-panel').getByText(/Drawn by hand, 2/);
    await drawn.waitFor();
    await checks.picture(page, 'desk-review-drawn');
  });

  await checks.check('on a phone the tools leave the picture its room, and every button is large enough', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(item.address);
    await page.getByRole('button', { name: 'Ask for a restoration' }).click();
    await page.getByRole('button', { name: 'Doubtful marks' }).click();
    const next = page.getByRole('button', { name: 'Next mark' });
    await next.waitFor();
    const before = await restingBox(page.locator('albumen-comparison'));
    await wordsChange(page, () => next.click());
    const after = await restingBox(page.locator('albumen-comparison'));
    must(after.height === before.height, `choosing a mark took ${before.height - after.height} px of the picture`);
    must(after.height > 300, `the picture is ${after.height} px high`);
    for (const place of ['albumen-mark-up-tools', bar])
      await mustBecome(
        () => page.locator(`${place} button`).evaluateAll(sizes),
        (all) => all.length > 0 && all.every(({ width, height }) => width >= 43.5 && height >= 43.5),
        (all) => `buttons are too small: ${all.map((one) => `${one.name} ${one.width} × ${one.height} px`).join(', ')}`,
      );
    await checks.picture(page, 'item-doubtful-390');
    await mustBeSound(page);
    const noise = page.locator('albumen-step-choice .step').filter({ hasText: 'Noise and grain' });
    await noise.getByRole('checkbox').check();
    for (const [name, count] of [
      [/what is softened/, 3],
      [/positions it looks from/, 4],
    ])
      await mustBecome(
        () =>
          noise
            .getByRole('group', { name })
            .getByRole('button')
            .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top)),
        (tops) => tops.length === count && new Set(tops).size === 1,
        (tops) => `the choices of ${name} stand at ${tops.join(', ')}`,
      );
    await noise.scrollIntoViewIfNeeded();
    await checks.picture(page, 'item-views-390');
    await mustBeSound(page);
    must(faults.length === 0, faults.join('\n'));
  });
}

/** Brings the photograph in as an operator does and answers the address of its item. */
async function bringIn(page, way) {
  await signIn(page, `${way.address}/desk/accessions/new`, 'operator');
  await page.goto(`${way.address}/desk/accessions/new`);
  const collection = page.locator('select').first();
  await collection.locator('option', { hasText: 'A box for trying' }).waitFor({ state: 'attached' });
  await collection.selectOption({ label: 'A box for trying' });
  await page.locator('input[type=file]:not([webkitdirectory])').first().setInputFiles([photograph]);
  await page
    .getByRole('button', { name: /^(upload )?Start|Bring in|Start/i })
    .last()
    .click();
  await page.waitForURL(/\/desk\/accessions\/[0-9a-f-]{36}/);
  const link = page.locator('tr', { hasText: fileName }).getByRole('link');
  await link.waitFor({ timeout: patienceMs });
  return new URL(await link.getAttribute('href'), way.address).href;
}

const sizes = (buttons) =>
  buttons.map((button) => {
    const { width, height } = button.getBoundingClientRect();
    return { name: button.textContent?.trim(), width, height };
  });
const repair = (page) => page.getByRole('button', { name: 'Repair this mark' });
const words = (page) => page.locator(`${bar} p`).innerText();
const said = (page, words) => page.locator(`${bar} p`, { hasText: words });

/** Acts, and waits until the bar says something else. */
async function wordsChange(page, act) {
  const before = await words(page);
  await act();
  await mustBecome(
    () => words(page),
    (now) => now !== before,
    () => `it still says: ${before}`,
  );
}

async function mustBeSound(page) {
  const faults = await accessibilityFaults(page);
  must(faults.length === 0, faults.join('\n'));
  must(!(await overflows(page)), 'the page is wider than its window');
}

/** Waits until that button alone of a group is pressed. */
async function mustBePressed(group, name) {
  const pressed = group.locator('button[aria-pressed="true"]');
  await pressed.filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) }).waitFor();
  await mustBecome(
    () => pressed.count(),
    (count) => count === 1,
    (count) => `${count} buttons are pressed`,
  );
}

/** Goes on with the tabulator until the button of that name has the focus. */
async function tabTo(page, name) {
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.textContent?.trim())) === name) return;
  }
  throw new Error(`the tabulator does not come to "${name}"`);
}

/** Middle of the ring around the chosen mark, in pixels of the window. */
async function ringMiddle(page) {
  const ring = await page.locator('.ring').boundingBox();
  return [ring.x + ring.width / 2, ring.y + ring.height / 2];
}

async function mustNotBeCovered(page, place) {
  await mustBecome(
    async () => isCovered(page, await place()),
    (isCovered) => !isCovered,
    () => 'the chosen mark is covered',
  );
}

/** Whether any mark's colour lies within two pixels of the mask about a point of the window. */
function isCovered(page, [x, y]) {
  return page.locator('.doubtful canvas').evaluate(
    (canvas, at) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const [column, row] = [((at[0] - left) * canvas.width) / width, ((at[1] - top) * canvas.height) / height];
      const { data } = canvas.getContext('2d').getImageData(Math.floor(column) - 2, Math.floor(row) - 2, 5, 5);
      return data.some((value, place) => place % 4 === 3 && value > 0);
    },
    [x, y],
  );
}
