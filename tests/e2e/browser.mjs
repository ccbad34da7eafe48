import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ensureBrowser } from '../../tools/browser.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Starts headless Chromium with nothing of its own going over the network. */
export async function openBrowser() {
  const executablePath = await ensureBrowser(console.log);
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
    ],
    env: { ...process.env, HOME: mkdtempSync(join(tmpdir(), 'albumen-browser-')) },
  });
}

/** A window of its own, as one person has it; what goes wrong in it is collected in `faults`. */
export async function openWindow(browser, { language = 'en', width = 1440, height = 900, storageState } = {}) {
  const context = await browser.newContext({
    locale: language === 'vi' ? 'vi-VN' : 'en-GB',
    viewport: { width, height },
    reducedMotion: 'reduce',
    ...(storageState ? { storageState } : {}),
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  return { context, page, faults };
}

/** Signs in on the local sign-in by clicking the account, starting from the given address of the portal. */
export async function signIn(page, address, account) {
  await page.goto(address);
  const enter = page.locator('main a[href*="sign-in"], main button').filter({ hasText: /sign in|đăng nhập/i });
  await Promise.race([
    page.waitForURL(/\/realms\/albumen\//, { timeout: 60_000 }),
    enter.first().waitFor({ timeout: 60_000 }),
  ]);
  if (!page.url().includes('/realms/albumen/')) await enter.first().click();
  await page.waitForURL(/\/realms\/albumen\/sign-in\//);
  await page.locator('button.account').filter({ hasText: account }).first().click();
  await page.waitForURL((url) => url.pathname.startsWith('/desk'));
}

/** Serious and critical faults that axe finds on the page as it is, one line each. */
export async function accessibilityFaults(page) {
  await page.evaluate(axeSource);
  const result = await page.evaluate(() =>
    window.axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
    }),
  );
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => node.target.join(' '))
          .join(' | ')} (${nodes[0]?.failureSummary?.split('\n').slice(0, 3).join(' ')})`,
    );
}

/** True where the page is wider than its window, which makes a phone scroll sideways. */
export async function overflows(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
}
