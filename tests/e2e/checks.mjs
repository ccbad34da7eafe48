import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs named checks one after the other and counts them; a check that fails says why and leaves a picture of each page. */
export class Checks {
  passed = 0;
  failed = 0;
  #pages = () => [];

  constructor(pictures) {
    this.pictures = pictures;
    mkdirSync(pictures, { recursive: true });
  }

  /** Pages to photograph where a check fails. */
  watch(pages) {
    this.#pages = pages;
  }

  /** Runs the check; answers its value, or undefined after it failed. `needed` makes a failure end the run. */
  async check(name, work, { needed = true } = {}) {
    const started = Date.now();
    try {
      const value = await work();
      this.passed += 1;
      console.log(`  ✓ ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      return value;
    } catch (error) {
      this.failed += 1;
      console.log(
        `  ✗ ${name}\n      ${String(error.message ?? error)
          .split('\n')
          .join('\n      ')}`,
      );
      for (const [index, page] of this.#pages().entries()) {
        await this.picture(page, `failed-${this.failed}-${index}`).catch((fault) =>
          console.log(`      (no picture of the page: ${fault.message})`),
        );
      }
      if (needed) throw new RunEnded();
      return undefined;
    }
  }

  async picture(page, name, options = {}) {
    await page.screenshot({ path: join(this.pictures, `${name}.png`), ...options });
  }

  /** Writes the totals where the test runner reads them and answers the exit code. */
  finish() {
    const report = process.env.ALBUMEN_TEST_REPORT;
    if (report) writeFileSync(report, JSON.stringify({ passed: this.passed, failed: this.failed }));
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

/** A check that the rest depends on has failed. */
export class RunEnded extends Error {}

/** Throws with the words unless the condition holds. */
export function must(condition, words) {
  if (!condition) throw new Error(words);
}

const patienceMs = 20_000;
const betweenMs = 100;

/**
 * Reads again and again until what was read holds, for up to 20 s, and answers it; else throws with the words about the
 * last reading. For what a page shows a moment after it was asked for: a locator's count and its elements do not wait.
 */
export async function mustBecome(read, holds, words) {
  const until = Date.now() + patienceMs;
  for (;;) {
    const [value, reason] = await read().then(
      (read) => [read],
      (reason) => [undefined, reason],
    );
    if (reason === undefined && holds(value)) return value;
    if (Date.now() > until) throw new Error(reason === undefined ? words(value) : `${reason.message}`);
    await new Promise((resolve) => setTimeout(resolve, betweenMs));
  }
}

/** Box of what the locator finds, once it has stood in one place for half a second. */
export async function restingBox(locator) {
  let [last, since] = ['', Date.now()];
  return mustBecome(
    () => locator.boundingBox(),
    (box) => {
      const now = JSON.stringify(box);
      if (now !== last) [last, since] = [now, Date.now()];
      return box !== null && Date.now() - since >= 500;
    },
    (box) => (box === null ? 'it is not on the page' : `it moves: ${JSON.stringify(box)}`),
  );
}

/**
 * Throws with the answer's own words unless it has the status. The words are read only then: Chromium lets go of the
 * body of an answer once its page goes on.
 */
export async function mustAnswer(answer, status) {
  if (answer.status() === status) return;
  const words = await answer.text().catch((reason) => `no words: ${reason.message}`);
  throw new Error(`the request was answered ${answer.status()}: ${words}`);
}
