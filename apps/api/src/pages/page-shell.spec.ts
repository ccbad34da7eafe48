import { describe, expect, it } from 'vitest';
import { escapeHtml, fillShell, scriptJson, wantedLanguage } from './page-shell.js';

const shell =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Albumen</title></head><body><albumen-root></albumen-root></body></html>';
const words = {
  language: 'vi' as const,
  title: 'Ảnh $& cưới <b>',
  description: 'x"y',
  address: 'http://a/b',
  picture: null,
  data: { name: '</script><script>alert(1)</script>' },
  body: '<h1>Ảnh</h1>',
};

describe('the shell of a page', () => {
  it('carries title, language and a text for readers without a script', () => {
    const page = fillShell(shell, words);
    expect(page).toContain('<html lang="vi"');
    expect(page).toContain('<title>Ảnh $&amp; cưới &lt;b&gt;</title>');
    expect(page).toContain('<noscript><main><h1>Ảnh</h1></main></noscript></body>');
    expect(page).toContain('content="x&quot;y"');
  });

  it('lets no data close the script element it stands in', () => {
    expect(fillShell(shell, words).match(/<script/g)).toHaveLength(1);
    expect(JSON.parse(scriptJson(words.data))).toEqual(words.data);
  });

  it('escapes every sign that means something in HTML', () =>
    expect(escapeHtml(`<a href='"'>&`)).toBe('&lt;a href=&#39;&quot;&#39;&gt;&amp;'));
});

describe('the language of a page', () => {
  it.each([
    [{ cookie: 'x=1; albumen-language=vi', 'accept-language': 'en' }, 'vi'],
    [{ 'accept-language': 'fr-FR,fr;q=0.9,vi;q=0.8' }, 'vi'],
    [{ 'accept-language': 'de' }, 'en'],
    [{}, 'en'],
  ])('%j → %s', (headers, language) => expect(wantedLanguage(headers)).toBe(language));
});
