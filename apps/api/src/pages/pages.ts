import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { type Express, type Request, type Response } from 'express';
import { Refusal } from '@albumen/domain';
import type { Runtime } from '@albumen/runtime';
import { readPhotograph } from '@albumen/workflow';
import type { ApiSettings } from '../runtime.token.js';
import { fillShell, wantedLanguage, type PageWords } from './page-shell.js';
import { generalWords, photographWords, withdrawnWords } from './page-words.js';

const photograph = /^\/photographs\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i;
/** Addresses that belong to other doors: nothing there is a page. */
const otherDoors = /^\/(api|iiif|audit|health)(\/|$)|^\/openapi\.json$/;

/**
 * Serves the built portal and the HTML shell of its pages. Hashed files may be kept for ever; the shell never. A page of a
 * published photograph carries its title, text, picture and data for readers without a script; a withdrawn one answers 410.
 * Call it before Nest mounts its routes.
 */
export function mountPages(app: Express, runtime: Runtime, settings: ApiSettings): void {
  app.use(
    express.static(settings.portalDir, {
      index: false,
      fallthrough: true,
      setHeaders: (response, path) => {
        const hashed = /-[A-Za-z0-9_-]{8,}\.(js|css|woff2?|svg|png)$/.test(path);
        response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
        response.setHeader('X-Content-Type-Options', 'nosniff');
      },
    }),
  );
  app.use((request, response, next) => {
    const page = (request.method === 'GET' || request.method === 'HEAD') && !otherDoors.test(request.path);
    if (!page) return next();
    sendPage(request, response, runtime, settings).catch(next);
  });
}

async function sendPage(request: Request, response: Response, runtime: Runtime, settings: ApiSettings): Promise<void> {
  const shell = await readFile(join(settings.portalDir, 'index.html'), 'utf8').catch((error: unknown) => {
    throw new Error(`The portal is not built: ${join(settings.portalDir, 'index.html')} cannot be read`, {
      cause: error,
    });
  });
  const { status, words } = await wordsOf(request, runtime, settings);
  response.status(status);
  response.setHeader('Cache-Control', 'no-cache');
  response.vary('Cookie, Accept-Language');
  response.type('html').send(fillShell(shell, words));
}

async function wordsOf(
  request: Request,
  runtime: Runtime,
  settings: ApiSettings,
): Promise<{ status: number; words: PageWords }> {
  const language = wantedLanguage(request.headers);
  const itemId = photograph.exec(request.path)?.[1];
  if (itemId === undefined) return { status: 200, words: generalWords(request.path, language, settings.publicUrl) };
  try {
    const view = await readPhotograph(runtime.bench, itemId);
    return { status: 200, words: photographWords(view, language, settings.publicUrl) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'publication.withdrawn') {
      return {
        status: 410,
        words: withdrawnWords(itemId, String(error.details['reason'] ?? ''), language, settings.publicUrl),
      };
    }
    if (error.code === 'publication.not-found')
      return { status: 404, words: generalWords(request.path, language, settings.publicUrl) };
    throw error;
  }
}
