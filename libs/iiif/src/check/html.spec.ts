import { describe, expect, it } from 'vitest';
import { htmlFault, readsAsHtml } from './html.js';

describe('htmlFault', () => {
  it.each([
    '<p>a</p>',
    '<span>a<br/>b</span>',
    '<a href="https://x.example/?a=1&amp;b=2">a</a>',
    '<img src="https://x.example/a.png" alt="x"/>',
    "<a href='mailto:a@x.example'>a</a>",
    '<sub>2</sub><sup>3</sup>',
  ])('lets %s pass', (html) => expect(htmlFault(html)).toBeUndefined());
  it.each([
    '<P>a</P>',
    '<div>a</div>',
    '<p class="x">a</p>',
    '<p>a',
    '</p>',
    '<p><!-- a --></p>',
    '<p><![CDATA[a]]></p>',
    '<?php a ?>',
    '<a href="//x.example">a</a>',
    '<p>a&b</p>',
    '<a href=https://x.example>a</a>',
    '<br>',
    '<constructor>a</constructor>',
  ])('refuses %s', (html) => expect(htmlFault(html)).toEqual(expect.any(String)));
  it('reads as HTML only what starts with < and ends with >', () => {
    expect([readsAsHtml(' <p>x</p> '), readsAsHtml('3 < 4'), readsAsHtml('<p>x')]).toEqual([true, false, false]);
  });
});
