import { join } from 'node:path';
import { root } from '../../tools/places.mjs';
import { accessibilityFaults, openWindow, overflows, signIn } from './browser.mjs';
import { must, mustAnswer, mustBecome, restingBox } from './checks.mjs';

const photograph = join(root, 'samples/aged/02-house.jpg');
const broken = join(root, 'samples/not-ok/truncated.jpg');
const rightsUri = 'http://creativecommons.org/publicdomain/zero/1.0/';
/** A busy machine may need this long for one restoration. */
const proposalMs = 300_000;

/** The way of a photograph through the portal, from an empty installation to its withdrawal; every step is one check. */
export async function wholeWay(checks, browser, address) {
  const windows = [];
  const open = async (options) => {
    const window = await openWindow(browser, options);
    windows.push(window);
    checks.watch(() => [window.page].filter((page) => !page.isClosed()));
    return window;
  };
  const way = { address, itemId: '', reviewId: '', collectionId: '', open, windows };

  const archivist = await open();
  await checks.check('the archivist signs in and makes a collection', async () => {
    await signIn(archivist.page, `${address}/desk/collections`, 'archivist');
    await archivist.page.goto(`${address}/desk/collections`);
    await archivist.page.getByRole('button', { name: 'New collection' }).click();
    await archivist.page.getByLabel('Title, Vietnamese').fill('Hộp ảnh thử');
    await archivist.page.getByLabel('Title, English').fill('A box for trying');
    const preset = archivist.page.getByLabel('What is proposed by itself');
    await mustBecome(
      () => preset.locator('option').evaluateAll((all) => all.filter((one) => one.disabled).map((one) => one.value)),
      (refused) => refused.includes('interpret') && !refused.includes('repair'),
      (refused) => `the presets that are not offered are ${refused.join(', ')}`,
    );
    await mustBecome(
      () => preset.inputValue(),
      (chosen) => chosen === 'repair',
      (chosen) => `the preset is ${chosen}`,
    );
    await archivist.page.getByRole('button', { name: 'Save' }).click();
    await archivist.page.getByText('A box for trying').first().waitFor();
  });

  const operator = await open();
  await checks.check(
    'the operator signs in and brings two files in by upload; one is refused with its reason',
    async () => {
      await signIn(operator.page, `${address}/desk/accessions/new`, 'operator');
      await operator.page.goto(`${address}/desk/accessions/new`);
      const collection = operator.page.locator('select').first();
      await collection.locator('option', { hasText: 'A box for trying' }).waitFor({ state: 'attached' });
      await collection.selectOption({ label: 'A box for trying' });
      await operator.page
        .locator('input[type=file]:not([webkitdirectory])')
        .first()
        .setInputFiles([photograph, broken]);
      await operator.page
        .getByText('02-house.jpg')
        .or(operator.page.getByText(/2 files/))
        .first()
        .waitFor();
      await checks.picture(operator.page, 'desk-new-accession');
      await operator.page
        .getByRole('button', { name: /^(upload )?Start|Bring in|Start/i })
        .last()
        .click();
      await operator.page.waitForURL(/\/desk\/accessions\/[0-9a-f-]{36}/);
      const row = operator.page.locator('tr', { hasText: '02-house.jpg' });
      await row.getByRole('link').waitFor({ timeout: 120_000 });
      const refused = operator.page.locator('tr', { hasText: 'truncated.jpg' });
      await refused.getByText(/cannot be read to its end/).waitFor({ timeout: 60_000 });
      await checks.picture(operator.page, 'desk-accession');
      const link = await row.getByRole('link').getAttribute('href');
      way.itemId = link?.split('/').at(-1) ?? '';
      must(/^[0-9a-f-]{36}$/.test(way.itemId), `the row links to ${link}`);
    },
  );

  await checks.check('a restoration is proposed', async () => {
    const until = Date.now() + proposalMs;
    await operator.page.goto(`${address}/desk/items/${way.itemId}`);
    const proposed = operator.page.getByText(/proposed, waits for review/).first();
    while (!(await proposed.isVisible())) {
      must(Date.now() < until, 'no restoration was proposed in time');
      must(
        !(await operator.page.getByText('Try the failed step again').isVisible()),
        'a step of the processing failed',
      );
      await operator.page.waitForTimeout(3000);
      await operator.page.reload();
      await proposed.waitFor({ timeout: 4000 }).catch(() => undefined);
    }
    await checks.picture(operator.page, 'desk-item');
  });

  await checks.check('a recipe of one’s own is drawn and written on the item’s page, requested and cancelled', () =>
    ownRecipe(checks, operator.page, way),
  );

  const curator = await open();
  await checks.check('the curator describes it, and it saves by itself', async () => {
    await signIn(curator.page, `${address}/desk/items/${way.itemId}`, 'curator');
    await curator.page.goto(`${address}/desk/items/${way.itemId}`);
    await curator.page.getByLabel('Title, Vietnamese').fill('Ngôi nhà mái ngói');
    await curator.page.getByLabel('Title, English').fill('The tiled house');
    await curator.page.getByLabel('Date as written').fill('khoảng năm 1935');
    await curator.page.getByLabel('Date for machines (EDTF)').fill('1935~');
    await curator.page.getByLabel('For those who cannot see it, English').fill('A house with a tiled roof');
    await curator.page.locator(`select:has(option[value="${rightsUri}"])`).first().selectOption(rightsUri);
    await curator.page.getByText(/^\s*Saved, version/).waitFor();
    await curator.page.reload();
    await curator.page.getByLabel('Title, English').waitFor();
    await mustBecome(
      () => curator.page.getByLabel('Title, English').inputValue(),
      (title) => title === 'The tiled house',
      (title) => `the title was not kept, it is ${title}`,
    );
  });

  await checks.check('the desk shows both pictures, and keys reject one region and accept another', async () => {
    await curator.page.goto(`${address}/desk/reviews`);
    await checks.picture(curator.page, 'desk-reviews');
    await curator.page.locator(`a[href*="/desk/reviews/"]`).filter({ hasText: 'The tiled house' }).first().click();
    await curator.page.waitForURL(/\/desk\/reviews\/[0-9a-f-]{36}/);
    await curator.page.getByRole('button', { name: /Approve and next/ }).waitFor();
    way.reviewId = curator.page.url().split('/').at(-1) ?? '';
    await curator.page.waitForTimeout(1500);
    await curator.page.getByText('Recipe in detail').click();
    await curator.page
      .getByText(/model damage-s \d/)
      .first()
      .waitFor();
    await curator.page.getByText('Recipe in detail').click();
    await checks.picture(curator.page, 'desk-review-side');
    const press = async (key, wait) => {
      const answer = wait
        ? curator.page.waitForResponse(
            (response) => /\/acceptance$/.test(response.url()) && response.request().method() === 'PATCH',
          )
        : undefined;
      await curator.page.keyboard.press(key);
      if (answer) must((await answer).status() === 200, `the key ${key} was answered ${(await answer).status()}`);
    };
    await curator.page.locator('body').click({ position: { x: 5, y: 5 } });
    await press('g');
    await press('n', true);
    await press('g');
    await press('y', true);
    await press('m');
    await curator.page.waitForTimeout(600);
    await checks.picture(curator.page, 'desk-review-map');
    await press('m');
    await press('c');
    await curator.page.waitForTimeout(600);
    await checks.picture(curator.page, 'desk-review-curtain');
    await press('s');
  });

  await checks.check('the curator approves by key', async () => {
    const answer = curator.page.waitForResponse(
      (response) => /\/decision$/.test(response.url()) && response.request().method() === 'POST',
    );
    await curator.page.keyboard.press('a');
    must((await answer).ok(), `the decision was answered ${(await answer).status()}`);
  });

  await checks.check('it is published once every rule is met', async () => {
    const publish = curator.page.getByRole('button', { name: /^(public\s*)?Publish$/ });
    const until = Date.now() + 120_000;
    await curator.page.goto(`${address}/desk/items/${way.itemId}/publication`);
    await publish.waitFor();
    while (!(await publish.isEnabled())) {
      must(Date.now() < until, 'the rules of publication were not met in time');
      await curator.page.waitForTimeout(2000);
      await curator.page.reload();
      await publish.waitFor();
    }
    await publish.click();
    await curator.page
      .getByText(/Release 1/)
      .first()
      .waitFor();
    await checks.picture(curator.page, 'desk-publication');
  });

  await checks.check(
    'the public page opens for a stranger, with tiles, both pictures and what was changed',
    async () => {
      const stranger = await open();
      const tiles = [];
      stranger.page.on('response', (response) => {
        if (/\/iiif\/image\/.*\/(default|color|gray)\.(jpg|webp|png)/.test(response.url()))
          tiles.push(response.status());
      });
      await stranger.page.goto(`${address}/photographs/${way.itemId}`);
      await stranger.page.getByRole('heading', { name: 'The tiled house' }).waitFor();
      await stranger.page.getByRole('heading', { name: /What was changed/i }).waitFor();
      await mustBecome(
        async () => tiles,
        () => tiles.length > 0,
        () => 'no tile was asked for',
      );
      await stranger.page.waitForLoadState('networkidle');
      must(
        tiles.every((status) => status === 200),
        `tiles were answered ${tiles.join(', ')}`,
      );
      await checks.picture(stranger.page, 'public-photograph', { fullPage: true });
      await stranger.page
        .getByRole('button', { name: 'Compare' })
        .or(stranger.page.getByRole('button', { name: /curtain|compare/i }))
        .first()
        .click();
      await stranger.page.waitForTimeout(600);
      await checks.picture(stranger.page, 'public-photograph-curtain');
      const manifest = await fetch(`${address}/iiif/manifest/${way.itemId}`);
      must(manifest.status === 200, `the manifest was answered ${manifest.status}`);
      must((await manifest.json()).items[0].items[0].items[0].body.type === 'Choice', 'the manifest offers no choice');
    },
  );

  await checks.check(
    'nothing went wrong in any window',
    async () => {
      const faults = windows.flatMap((window) => window.faults);
      must(faults.length === 0, faults.join('\n'));
    },
    { needed: false },
  );
  return way;
}

/** Asks for steps with a mark and a protected area drawn by mouse and by numbers, sees them sent, and cancels the run. */
async function ownRecipe(checks, page, way) {
  const editor = page.locator('albumen-recipe-editor');
  const tools = page.locator('albumen-mark-up-tools');
  way.collectionId = (await page.locator('section.about a[href*="/desk/collections/"]').first().getAttribute('href'))
    .split('/')
    .at(-1);
  await page.getByRole('button', { name: 'Ask for a restoration' }).click();
  await editor.getByText('this collection’s').first().waitFor({ state: 'attached' });
  await editor
    .locator('albumen-step-choice')
    .getByText(/Level 3, interpretation/)
    .first()
    .waitFor();
  await mustBecome(
    () => tools.getByRole('button', { name: 'Known colour' }).isDisabled(),
    (isRefused) => isRefused,
    () => 'colours are offered at level 1',
  );
  await tools.getByRole('button', { name: 'Missed mark' }).click();
  const layer = await restingBox(page.locator('albumen-pen-layer'));
  await page.mouse.move(layer.x + layer.width * 0.4, layer.y + layer.height * 0.5);
  await page.mouse.down();
  await page.mouse.move(layer.x + layer.width * 0.6, layer.y + layer.height * 0.55, { steps: 6 });
  await page.mouse.up();
  await editor.getByText(/line of \d+ points/).waitFor();
  await editor.getByText('Add by numbers').click();
  await editor.getByRole('button', { name: 'Add', exact: true }).click();
  await editor.getByText('Protected areas').waitFor();
  await editor.getByRole('combobox', { name: 'Add by numbers' }).selectOption({ label: 'Missed stain' });
  await editor.getByRole('button', { name: 'Add', exact: true }).click();
  await editor.getByText('Missed stains').waitFor();
  await checks.picture(page, 'desk-item-recipe');
  page.once('dialog', (dialog) => void dialog.dismiss());
  await page.locator('a[href="/desk/queues"]').first().click();
  must(page.url().includes(way.itemId), 'the page was left without asking');
  const sent = page.waitForResponse(
    (response) => /\/restorations$/.test(response.url()) && response.request().method() === 'POST',
  );
  await editor.getByRole('button', { name: 'Ask for it' }).click();
  const answer = await sent;
  await mustAnswer(answer, 201);
  const body = answer.request().postDataJSON();
  const marks = body.steps?.find(({ operation }) => operation === 'repair-damage')?.strokes ?? [];
  must(marks.length === 1 && marks[0].points.length >= 2, 'the drawn mark was not sent');
  const stains = body.steps?.find(({ operation }) => operation === 'reduce-stains')?.strokes ?? [];
  must(stains.length === 1, 'the stain that was added by numbers was not sent');
  // Beside it stands the lettering that was found, which is protected unless a person lifts that.
  must(
    body.protect?.some(({ x }) => x === 0.1),
    'the protected area was not sent',
  );
  await page.getByRole('button', { name: 'Cancel', exact: true }).first().click();
  await page.getByText('cancelled', { exact: true }).first().waitFor();
}

/** Main screens in both languages, on a desk and on a phone: no serious accessibility fault, no sideways scrolling. */
export async function screens(checks, browser, way) {
  const publicPages = [
    ['home', '/'],
    ['photograph', `/photographs/${way.itemId}`],
    ['about', '/about-restoration'],
    ['search', '/search?q=house'],
  ];
  const deskPages = [
    ['desk', '/desk'],
    ['accessions', '/desk/accessions'],
    ['new-accession', '/desk/accessions/new'],
    ['collections', '/desk/collections'],
    [
      'collection',
      `/desk/collections/${way.collectionId}`,
      (page) => page.getByRole('button', { name: /Restore together|Phục chế cùng nhau/ }).click(),
    ],
    ['item', `/desk/items/${way.itemId}`],
    [
      'recipe',
      `/desk/items/${way.itemId}`,
      (page) => page.getByRole('button', { name: /Ask for a restoration|Yêu cầu bản phục chế/ }).click(),
    ],
    ['review', `/desk/reviews/${way.reviewId}`],
    ['reviews', '/desk/reviews?state=decided'],
    ['publication', `/desk/items/${way.itemId}/publication`],
    ['audit', '/desk/audit'],
    ['queues', '/desk/queues'],
    ['models', '/desk/models'],
  ];
  for (const language of ['en', 'vi']) {
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ]) {
      const window = await way.open({ language, width, height });
      const { page } = window;
      const look = async ([name, path, act]) => {
        const title = `${name} at ${width} px in ${language}`;
        await checks.check(
          `${title}: no serious accessibility fault, nothing sticks out`,
          async () => {
            await page.goto(`${way.address}${path}`);
            await page.waitForLoadState('networkidle');
            await act?.(page);
            await page.waitForTimeout(400);
            await checks.picture(page, `${name}-${width}-${language}`, { fullPage: true });
            const written = await page.locator('html').getAttribute('lang');
            must(written === language, `the page says that its language is ${written}`);
            const faults = await accessibilityFaults(page);
            must(faults.length === 0, faults.join('\n'));
            must(!(await overflows(page)), 'the page is wider than its window');
          },
          { needed: false },
        );
      };
      for (const place of publicPages) await look(place);
      await checks.check(
        `the sign-in page at ${width} px in ${language}: no serious accessibility fault`,
        async () => {
          await page.goto(`${way.address}/desk`);
          await page.waitForURL(/\/realms\/albumen\/sign-in\//);
          await checks.picture(page, `sign-in-${width}-${language}`, { fullPage: true });
          const faults = await accessibilityFaults(page);
          must(faults.length === 0, faults.join('\n'));
        },
        { needed: false },
      );
      await signIn(page, `${way.address}/desk`, 'administrator');
      for (const place of deskPages) await look(place);
      await window.context.close();
    }
  }
}

/** Withdraws what the way published: everything public goes at once, a notice stays. */
export async function withdrawal(checks, browser, way) {
  const { page } = await way.open();
  await checks.check('it is withdrawn with a reason, and everything public is gone at once', async () => {
    const before = await (await fetch(`${way.address}/api/public/photographs/${way.itemId}`)).json();
    await signIn(page, `${way.address}/desk`, 'archivist');
    await page.goto(`${way.address}/desk/items/${way.itemId}/publication`);
    await page
      .getByRole('button', { name: /^Withdraw/ })
      .first()
      .click();
    await page.locator('form.withdraw textarea').fill('The family asked for it');
    await page.locator('form.withdraw button[type=submit]').click();
    await page.getByText('The family asked for it').last().waitFor();
    for (const path of [`/iiif/manifest/${way.itemId}`, `/api/public/photographs/${way.itemId}`]) {
      const answer = await fetch(`${way.address}${path}`);
      must(answer.status === 410, `${path} was answered ${answer.status}`);
    }
    const pictures = [before.original?.url, before.restored?.url].filter(Boolean);
    must(pictures.length === 2, 'the public page did not name two pictures');
    for (const url of pictures) {
      const answer = await fetch(`${new URL(url, way.address).href}/info.json`);
      must(answer.status >= 400 && answer.status < 500, `${url} was answered ${answer.status}`);
    }
  });
  await checks.check('a stranger finds a notice with the reason in its place', async () => {
    const stranger = await way.open();
    await stranger.page.goto(`${way.address}/photographs/${way.itemId}`);
    await stranger.page.getByText('The family asked for it').first().waitFor();
    await checks.picture(stranger.page, 'public-withdrawn');
  });
}
