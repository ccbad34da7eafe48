import type { Request, Response, Router } from 'express';
import express from 'express';
import type { Logger } from 'pino';
import { refuse } from '@albumen/domain';
import {
  imageInfo,
  imageInfoMediaType,
  imageProfile,
  parseImageRequest,
  resolveImageRequest,
  type ImageLimits,
} from '@albumen/iiif';
import { cutImage, readPyramid } from '@albumen/imaging';
import { answeredUnchanged } from '../files/entity-tag.js';
import type { Reader } from '../auth/reader.js';
import { sendProblem } from '../problems/problem.filter.js';
import type { ImageShelf, ShelvedImage } from './image-shelf.js';

/**
 * Pixels of one answer at most, stated in `info.json`: four times the picture, within 16 and 64 megapixels. A whole
 * gigapixel is looked at by its tiles, and nobody needs a small picture enlarged to one.
 */
const limitsOf = (width: number, height: number): { readonly maxArea: number } => ({
  maxArea: Math.min(64_000_000, Math.max(16_000_000, 4 * width * height)),
});
const identifier = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What anybody's viewer may read across origins. */
const openHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Link, ETag',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** The image service (IIIF Image API 3.0, level 2). It stands before body parsers and the framework. */
export function imageDoor(of: {
  readonly shelf: ImageShelf;
  readonly reader: Reader;
  readonly publicUrl: string;
  readonly log: Logger;
}): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const answer =
    (work: (request: Request, response: Response, image: ShelvedImage) => Promise<void>) =>
    async (request: Request, response: Response): Promise<void> => {
      try {
        response.set(openHeaders);
        const id = String(request.params['id']);
        if (!identifier.test(id)) throw refuse('image.not-found', { id: id.slice(0, 64) });
        const image = await of.shelf.take(id);
        if (image.row.use !== 'pyramid') throw refuse('image.not-found', { id });
        await of.reader.admit(request, response, image.row.access);
        await work(request, response, image);
      } catch (error) {
        sendProblem(request, response, error, of.log);
      }
    };

  router.options('/iiif/image/{*rest}', (_request, response) => {
    response
      .set({
        ...openHeaders,
        'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
        'Access-Control-Allow-Headers': 'Authorization',
      })
      .status(204)
      .end();
  });
  router.get('/iiif/image/:id', (request, response) => {
    const id = String(request.params['id']);
    if (!identifier.test(id)) return sendProblem(request, response, refuse('image.not-found'), of.log);
    // "When the base URI is dereferenced, the interaction should result in the image information document" (2).
    response.set(openHeaders).redirect(303, `/iiif/image/${id}/info.json`);
  });
  router.get(
    '/iiif/image/:id/info.json',
    answer(async (request, response, image) => {
      const pyramid = await readPyramid(image.path);
      const id = `${of.publicUrl}/iiif/image/${image.row.id}`;
      const info = imageInfo({
        ...pyramid,
        id,
        ...limitsOf(pyramid.width, pyramid.height),
        ...(image.row.rights ? { rights: image.row.rights } : {}),
      });
      response.set('Link', `<${imageProfile}>;rel="profile"`).vary('Accept');
      response.set(
        'Content-Type',
        request.accepts(['application/json', 'application/ld+json']) === 'application/ld+json' ||
          !request.headers.accept?.includes('application/json')
          ? imageInfoMediaType
          : 'application/json',
      );
      if (answeredUnchanged(request, response, `${image.row.sha256.slice(0, 32)}-info`)) return;
      response.send(Buffer.from(JSON.stringify(info)));
    }),
  );
  router.get(
    '/iiif/image/:id/:region/:size/:rotation/:file',
    answer(async (request, response, image) => {
      const part = (name: string): string => String(request.params[name]);
      const { width, height } = image.row;
      const limits: ImageLimits = { width, height, ...limitsOf(width, height) };
      const wanted = resolveImageRequest(
        parseImageRequest({
          region: part('region'),
          size: part('size'),
          rotation: part('rotation'),
          file: part('file'),
        }),
        limits,
      );
      const service = `${of.publicUrl}/iiif/image/${image.row.id}`;
      response.set('Link', `<${imageProfile}>;rel="profile", <${service}/${wanted.canonical}>;rel="canonical"`);
      if (answeredUnchanged(request, response, `${image.row.sha256.slice(0, 32)}-${tag(wanted.canonical)}`)) return;
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      const cut = await cutImage(image.path, wanted, { signal: gone.signal });
      response.set({ 'Content-Type': cut.mediaType, 'Content-Length': String(cut.bytes.byteLength) });
      response.end(request.method === 'HEAD' ? undefined : cut.bytes);
    }),
  );
  return router;
}

/** The canonical request in characters that an ETag may hold. */
const tag = (canonical: string): string => Buffer.from(canonical).toString('base64url');
