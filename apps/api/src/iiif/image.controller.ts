import { Controller, Get, Head, Inject, Param, Redirect, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { refuse } from '@albumen/domain';
import { imageInfo, imageInfoMediaType, imageProfile, parseImageRequest, resolveImageRequest } from '@albumen/iiif';
import { cutImage, readPyramid } from '@albumen/imaging';
import type { Runtime } from '@albumen/runtime';
import { readDerivative, type ReadableDerivative } from '@albumen/workflow';
import { Identifier } from '../files/identifier.js';
import { answeredFresh, setCaching } from '../files/send-file.js';
import { API_SETTINGS, RUNTIME, type ApiSettings } from '../runtime.token.js';
import { Viewers } from '../sign-in/viewers.js';
import { imageLimits } from './image-limits.js';

/** IIIF Image API 3.0, level 2, over the stored pyramids. */
@ApiExcludeController()
@Controller('iiif/image')
export class ImageController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
    @Inject(Viewers) private readonly viewers: Viewers,
  ) {}

  /** Image API 3.0 §2: "the base URI … should redirect to the image information document". */
  @Get(':id')
  @Redirect()
  base(@Param('id') id: string): { url: string; statusCode: number } {
    return { url: `/iiif/image/${encodeURIComponent(id)}/info.json`, statusCode: 303 };
  }

  @Get(':id/info.json')
  @Head(':id/info.json')
  async info(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const picture = await this.#picture(id, request);
    await using file = await this.runtime.bench.store.derivatives.local(picture.key);
    const pyramid = await readPyramid(file.path);
    const body = imageInfo({
      id: this.#address(id),
      width: pyramid.width,
      height: pyramid.height,
      tileSize: pyramid.tileSize,
      levels: pyramid.levels,
      ...imageLimits(pyramid),
      ...(picture.rights === null ? {} : { rights: picture.rights }),
    });
    setCaching(response, picture.access.to === 'public', `${picture.sha256.slice(0, 32)}-info`);
    const linked = (request.headers.accept ?? '').includes('application/ld+json');
    response.setHeader('Content-Type', linked ? imageInfoMediaType : 'application/json');
    response.setHeader('Link', `<${imageProfile}>;rel="profile"`);
    if (answeredFresh(request, response)) return;
    response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
  }

  @Get(':id/:region/:size/:rotation/:file')
  @Head(':id/:region/:size/:rotation/:file')
  async image(
    @Param() parts: { id: string; region: string; size: string; rotation: string; file: string },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const picture = await this.#picture(parts.id, request);
    const extent = { width: picture.width, height: picture.height };
    const wanted = resolveImageRequest(parseImageRequest(parts), { ...extent, ...imageLimits(extent) });
    setCaching(
      response,
      picture.access.to === 'public',
      `${picture.sha256.slice(0, 32)}-${Buffer.from(wanted.canonical).toString('base64url')}`,
    );
    response.setHeader(
      'Link',
      `<${this.#address(parts.id)}/${wanted.canonical}>;rel="canonical",<${imageProfile}>;rel="profile"`,
    );
    if (answeredFresh(request, response)) return;
    await using file = await this.runtime.bench.store.derivatives.local(picture.key);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { bytes, mediaType } = await cutImage(file.path, wanted, { signal: gone.signal });
    if (response.destroyed) return;
    response.setHeader('Content-Type', mediaType);
    response.setHeader('Content-Length', bytes.byteLength);
    response.end(request.method === 'HEAD' ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  #address(id: string): string {
    return `${this.settings.publicUrl}/iiif/image/${id}`;
  }

  /** The pyramid, for those who may see it; for others there is no such picture, or none any more. */
  async #picture(id: string, request: Request): Promise<ReadableDerivative> {
    const found = await readDerivative(this.runtime.bench, new Identifier().transform(id));
    if (found.use !== 'pyramid') throw refuse('image.not-found', { id });
    if (found.access.to !== 'public' && !(await this.viewers.maySeeUnpublished(request))) {
      throw found.access.to === 'withdrawn'
        ? refuse('publication.withdrawn', { reason: found.access.reason })
        : refuse('image.not-found', { id });
    }
    return found;
  }
}
