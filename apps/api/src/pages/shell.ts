import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '@albumen/domain';
import { escapeHtml, scriptJson } from './escape.js';

/** What a page says before any script runs. Everything is plain text except `article`, which is escaped HTML. */
export interface PageWords {
  readonly language: Language;
  readonly title: string;
  readonly description: string;
  /** Absolute address of the page. */
  readonly address: string;
  /** Absolute address of a picture, for those who show a preview. */
  readonly picture?: string;
  /** schema.org description of what the page is about. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly article: string;
}

const bare = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><base href="/"><meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><app-root></app-root></body></html>`;

/** The portal's own `index.html`, filled with words that need no script. */
export class Shell {
  private constructor(private readonly html: string) {}

  /** Reads the built portal's index; a bare page stands in where the portal was not built. */
  static async read(portalDir: string): Promise<Shell> {
    try {
      return new Shell(await readFile(join(portalDir, 'index.html'), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return new Shell(bare);
    }
  }

  /** The page for a place of the portal that needs its scripts. `nonce` lets the portal's own styles through the policy. */
  plain(nonce: string): string {
    return this.#withNonce(this.html, nonce);
  }

  /** The page with its words in the head, and its article for readers without a script. */
  fill(words: PageWords, nonce: string): string {
    const head = [
      `<title>${escapeHtml(words.title)}</title>`,
      meta('name', 'description', words.description),
      `<link rel="canonical" href="${escapeHtml(words.address)}">`,
      meta('property', 'og:title', words.title),
      meta('property', 'og:description', words.description),
      meta('property', 'og:type', 'article'),
      meta('property', 'og:url', words.address),
      ...(words.picture ? [meta('property', 'og:image', words.picture)] : []),
      ...(words.data ? [`<script type="application/ld+json">${scriptJson(words.data)}</script>`] : []),
    ].join('\n');
    // Replacements are functions, since titles may hold `$&`.
    const html = this.html
      .replace(/<title>[^<]*<\/title>/i, '')
      .replace(/<meta name="description"[^>]*>/i, '')
      .replace(/<html[^>]*>/i, () => `<html lang="${words.language}">`)
      .replace(/<\/head>/i, () => `${head}\n</head>`)
      .replace(/<\/app-root>/i, () => `</app-root>\n<noscript><main>${words.article}</main></noscript>`);
    return this.#withNonce(html, nonce);
  }

  #withNonce(html: string, nonce: string): string {
    return html
      .replace(/<app-root/i, () => `<app-root ngCspNonce="${nonce}"`)
      .replace(/<style(?=[\s>])/gi, () => `<style nonce="${nonce}"`);
  }
}

const meta = (kind: 'name' | 'property', name: string, content: string): string =>
  `<meta ${kind}="${name}" content="${escapeHtml(content)}">`;
