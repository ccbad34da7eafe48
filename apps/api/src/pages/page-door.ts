import { randomBytes } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import type { Logger } from 'pino';
import { Refusal, type Language } from '@albumen/domain';
import { inLanguage } from '@albumen/domain';
import { readPhotograph, readPublicCollections, readPublicPhotographs, type Workbench } from '@albumen/workflow';
import { sendProblem } from '../problems/problem.filter.js';
import { contentPolicy } from '../security-headers.js';
import { absentWords, homeWords, listWords, photographWords, type PagePlace } from './articles.js';
import { Shell, type PageWords } from './shell.js';

const identifier = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** First parts of addresses that are not pages. */
const notPages = /^\/(api|iiif|audit|health|openapi\.json|k_[a-z_]+)(\/|$)/;
/** Files that the portal's build names by their content: its entries, chunks and media. */
const hashed = /[/\\](?:(?:main|chunk|polyfills|styles)-[\w-]{8}\.(?:js|css)|media[/\\][^/\\]+-[A-Z0-9]{8}\.\w+)$/;

/** The portal's files, and its pages with their words in them, so that they can be read without script. */
export function pageDoor(of: {
  readonly bench: Workbench;
  readonly portalDir: string;
  readonly issuer: string;
  readonly log: Logger;
}): Router {
  const { bench } = of;
  // Read for every page: a portal that was built anew must not be asked for the files of the old one.
  const readShell = (): Promise<Shell> => Shell.read(of.portalDir);
  const router = express.Router();

  router.use(
    express.static(of.portalDir, {
      index: false,
      redirect: false,
      setHeaders: (response, path) => {
        response.setHeader(
          'Cache-Control',
          hashed.test(path) ? 'public, max-age=31536000, immutable' : 'public, no-cache',
        );
      },
    }),
  );

  const send = (response: Response, status: number, make: (nonce: string) => string): void => {
    const nonce = randomBytes(16).toString('base64');
    response
      .status(status)
      .set({
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-cache',
        'Content-Security-Policy': contentPolicy({ issuer: of.issuer, publicUrl: bench.publicUrl, nonce }),
        Vary: 'Accept-Language, Cookie',
      })
      .send(make(nonce));
  };
  const page =
    (make: (place: PagePlace, request: Request) => Promise<PageWords>) =>
    async (request: Request, response: Response): Promise<void> => {
      const place: PagePlace = {
        publicUrl: bench.publicUrl,
        path: request.path,
        language: languageOf(request),
      };
      try {
        const [shell, words] = await Promise.all([readShell(), make(place, request)]);
        send(response, 200, (nonce) => shell.fill(words, nonce));
      } catch (error) {
        if (error instanceof Refusal && (error.status === 410 || error.status === 404)) {
          const gone = error.status === 410;
          const shell = await readShell();
          const words = absentWords(
            place,
            gone ? 'gone' : 'nothing',
            gone ? String(error.details['reason'] ?? '') : '',
          );
          send(response, error.status, (nonce) => shell.fill(words, nonce));
        } else sendProblem(request, response, error, of.log);
      }
    };

  router.get(
    '/',
    page(async (place) => {
      const { rows } = await readPublicPhotographs(bench, { limit: 24 });
      return homeWords(place, rows, (await readPublicCollections(bench)).rows);
    }),
  );
  router.get(
    '/photographs/:id',
    page(async (place, request) => photographWords(place, await readPhotograph(bench, idOf(request)))),
  );
  router.get(
    '/collections/:id',
    page(async (place, request) => {
      const collectionId = idOf(request);
      const { rows } = await readPublicPhotographs(bench, { collectionId, limit: 48 });
      const collection = (await readPublicCollections(bench)).rows.find((row) => row.id === collectionId);
      if (!collection) throw new Refusal('collection.not-found');
      return listWords(place, {
        heading: inLanguage(collection.title, place.language),
        description: inLanguage(collection.description, place.language),
        photographs: rows,
      });
    }),
  );
  router.get('/{*place}', (request, response, next) => {
    if (notPages.test(request.path) || /\.[a-z0-9]{1,5}$/i.test(request.path)) next();
    else
      readShell().then(
        (shell) => send(response, 200, (nonce) => shell.plain(nonce)),
        (error: unknown) => sendProblem(request, response, error, of.log),
      );
  });
  return router;
}

function idOf(request: Request): string {
  const id = String(request.params['id']);
  if (!identifier.test(id)) throw new Refusal('request.not-found');
  return id;
}

/** The language that the reader chose in the portal, else the one that the browser prefers. */
function languageOf(request: Request): Language {
  const chosen = /(?:^|;\s*)albumen-language=(en|vi)\b/.exec(request.headers.cookie ?? '')?.[1];
  if (chosen === 'vi' || chosen === 'en') return chosen;
  return request.acceptsLanguages(['en', 'vi']) === 'vi' ? 'vi' : 'en';
}
