import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path && existsSync(join(root, path)));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = tracked.filter((path) => /(^|\/)README\.md$|^docs\/adr\/.*\.md$/.test(path));

/** Paths a document names: backticked words that look like a path of this repository. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/`([^`\s]+)`/g)]
    .map((match) => match[1] ?? '')
    .filter(
      (word) =>
        /^(\.{1,2}\/|apps\/|libs\/|models\/|migrations|deploy|tests|docs|tools|samples|src\/)/.test(word) &&
        !/[*<>{}|()=…:]/.test(word),
    );
}

describe('folder READMEs', () => {
  const folders = ['apps', 'libs'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
  );
  it.each([...folders, 'models', 'migrations', 'deploy', 'tests', 'samples'])(
    '%s has one with the four headings',
    (folder) => {
      const headings = [...read(`${folder}/README.md`).matchAll(/^## (.+)$/gm)].map((match) => match[1]);
      expect(headings).toEqual(
        expect.arrayContaining(['Holds', 'Does not hold (and where that goes)', 'Change safely', 'Check with']),
      );
    },
  );

  it.each(documents)('%s names only paths that exist', (document) => {
    const missing = pathsIn(read(document)).filter((path) => {
      const bare = path.replace(/[.,;]$/, '');
      return ![resolve(root, dirname(document), bare), resolve(root, bare)].some((candidate) => existsSync(candidate));
    });
    expect(missing).toEqual([]);
  });
});

describe('the repository', () => {
  it('has a lock file without download addresses', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved":\s*"https?:/);
  });

  it('keeps source files under 450 lines', () => {
    const long = tracked
      .filter((path) => /\.(ts|mjs|js|html|scss|css|py|sql)$/.test(path) && !path.endsWith('.spec.ts'))
      .filter((path) => read(path).split('\n').length > 450);
    expect(long).toEqual([]);
  });

  it('has no folder or file with a name that says nothing', () => {
    expect(tracked.filter((path) => /(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.)/.test(path))).toEqual([]);
  });

  it('numbers its decision records without a gap', () => {
    const numbers = tracked
      .filter((path) => /^docs\/adr\/\d{4}-/.test(path))
      .map((path) => Number(path.slice(9, 13)))
      .sort((a, b) => a - b);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.map((_, place) => place + 1));
  });

  it('has each word once in the vocabulary', () => {
    const words = [...read('docs/vocabulary.md').matchAll(/^\| ([^|]+?) +\|/gm)].map((match) => match[1] ?? '');
    expect(words.length).toBeGreaterThan(20);
    expect(words.filter((word, place) => words.indexOf(word) !== place)).toEqual([]);
  });

  it('calls each decision record by its number', () => {
    const records = tracked.filter((path) => /^docs\/adr\/\d{4}-/.test(path));
    const begins = records.map((path) => /^# (\d+)\. \S/.exec(read(path))?.[1] ?? path);
    expect(begins).toEqual(records.map((path) => String(Number(path.slice(9, 13)))));
  });
});
