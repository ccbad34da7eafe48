import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IcuTranspiler } from './icu-transpiler';
import { firstLanguage } from './first-language';
import { tableOf, words } from './words';

const source = join(import.meta.dirname, '..');

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory()
      ? files(path)
      : /\.(html|ts)$/.test(name) && !/\.spec\.ts$|-words\.ts$/.test(name)
        ? [path]
        : [];
  });
}

function parametersOf(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound || element.type === TYPE.tag) return [];
    const inner =
      'options' in element ? Object.values(element.options).flatMap(({ value }) => parametersOf(value)) : [];
    return [element.value, ...inner];
  });
}

describe('tables of words', () => {
  it('hold every sentence in both languages', () => {
    for (const [key, pair] of Object.entries(words)) for (const text of pair) expect(text.trim(), key).not.toBe('');
    expect(Object.keys(tableOf('vi'))).toEqual(Object.keys(tableOf('en')));
  });

  it('use the same parameters in both languages', () => {
    for (const [key, [en, vi]] of Object.entries(words)) {
      const [english, vietnamese] = [en, vi].map((text) =>
        [...new Set(parametersOf(parse(text, { ignoreTag: true })))].sort(),
      );
      expect(vietnamese, key).toEqual(english);
    }
  });

  it('are written in composed Vietnamese, never in the other language by mistake', () => {
    for (const [key, [en, vi]] of Object.entries(words)) {
      expect(vi, key).toBe(vi.normalize('NFC'));
      expect(en, key).not.toMatch(/successfully|oops|!/i);
    }
  });

  it('know every key that a template or a class names', () => {
    const named = files(source).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\bt\('([\w.-]+)'/g)].map(([, key]) => ({ key: key ?? '', path })),
    );
    expect(named.length).toBeGreaterThan(200);
    // A key that ends with a dot is put together in the template: something must start with it.
    const known = (key: string): boolean =>
      key.endsWith('.') ? Object.keys(words).some((word) => word.startsWith(key)) : Object.hasOwn(words, key);
    expect(named.filter(({ key }) => !known(key))).toEqual([]);
  });
});

describe('IcuTranspiler', () => {
  it('follows the language with plurals and figures', () => {
    const transpiler = new IcuTranspiler();
    const say = (language: 'en' | 'vi', n: number): unknown => {
      transpiler.onLangChanged(language);
      return transpiler.transpile({ value: tableOf(language)['collection.items'], params: { n } });
    };
    expect(say('en', 1)).toBe('1 item');
    expect(say('en', 1200)).toBe('1,200 items');
    expect(say('vi', 1200)).toBe('1.200 ảnh');
    expect(say('en', 0)).toBe('no items');
  });

  it('compiles no code at run time', () => {
    const original = globalThis.Function;
    globalThis.Function = (() => {
      throw new Error('code was compiled');
    }) as unknown as FunctionConstructor;
    try {
      expect(
        new IcuTranspiler().transpile({ value: '{n, plural, one {# day} other {# days}}', params: { n: 2 } }),
      ).toBe('2 days');
    } finally {
      globalThis.Function = original;
    }
  });

  it('fails where a parameter is missing', () => {
    expect(() => new IcuTranspiler().transpile({ value: 'for {name}', params: {} })).toThrow();
  });
});

describe('firstLanguage', () => {
  it('keeps the choice, else follows the browser', () => {
    expect(firstLanguage('vi', ['en-GB'])).toBe('vi');
    expect(firstLanguage(null, ['fr-FR', 'vi-VN', 'en'])).toBe('vi');
    expect(firstLanguage(null, ['fr'])).toBe('en');
    expect(firstLanguage('xx', [])).toBe('en');
  });
});
