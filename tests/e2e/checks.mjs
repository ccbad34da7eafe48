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

/**
 * Throws with the answer's own words unless it has the status. The words are read only then: Chromium lets go of the
 * body of an answer once its page goes on.
 */
export async function mustAnswer(answer, status) {
  if (answer.status() === status) return;
  const words = await answer.text().catch((reason) => `no words: ${reason.message}`);
  throw new Error(`the request was answered ${answer.status()}: ${words}`);
}
