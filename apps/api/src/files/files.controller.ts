import { Controller, Get, Head, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { createHash } from 'node:crypto';
import { canonicalJson, refuse } from '@albumen/domain';
import type { Runtime } from '@albumen/runtime';
import { readDerivative, readOriginalFile, readReceipt, type FileAccess } from '@albumen/workflow';
import { RUNTIME } from '../runtime.token.js';
import { Viewers } from '../sign-in/viewers.js';
import { Identifier } from './identifier.js';
import { sendFile } from './send-file.js';

/** Uses of a derivative that are shown in place; masters are downloads. */
const shownInPlace = new Set(['thumbnail', 'damage-mask', 'region-labels', 'change-map']);

/** Stored files: thumbnails, masks, change maps, receipts, and downloads of originals and masters. */
@ApiExcludeController()
@Controller('api/files')
export class FilesController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(Viewers) private readonly viewers: Viewers,
  ) {}

  @Get('thumbnail/:id')
  @Head('thumbnail/:id')
  async thumbnail(
    @Param('id', Identifier) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.#derivative(id, (use) => use === 'thumbnail', request, response);
  }

  @Get('derivative/:id')
  @Head('derivative/:id')
  async derivative(
    @Param('id', Identifier) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.#derivative(id, (use) => shownInPlace.has(use), request, response);
  }

  @Get('master/:id')
  @Head('master/:id')
  async master(@Param('id', Identifier) id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.#derivative(id, (use) => use === 'master', request, response, true);
  }

  @Get('original/:id')
  @Head('original/:id')
  async original(
    @Param('id', Identifier) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const file = await readOriginalFile(this.runtime.bench, id);
    await this.#mayRead(file.access, request);
    await sendFile(request, response, {
      ...file,
      isPublic: file.access.to === 'public',
      attachment: file.fileName,
      read: (range) => this.runtime.bench.store.originals.read(file.key, range),
    });
  }

  @Get('receipt/:id')
  @Head('receipt/:id')
  async receipt(
    @Param('id', Identifier) id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { receipt, access } = await readReceipt(this.runtime.bench, id);
    await this.#mayRead(access, request);
    const bytes = Buffer.from(canonicalJson(receipt));
    await sendFile(request, response, {
      bytes: bytes.length,
      mediaType: 'application/json',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      isPublic: access.to === 'public',
      read: async (range) => single(range ? bytes.subarray(range.start, range.end + 1) : bytes),
    });
  }

  async #derivative(
    id: string,
    allowed: (use: string) => boolean,
    request: Request,
    response: Response,
    download = false,
  ): Promise<void> {
    const file = await readDerivative(this.runtime.bench, id);
    if (!allowed(file.use)) throw refuse('image.not-found', { id });
    await this.#mayRead(file.access, request);
    await sendFile(request, response, {
      ...file,
      isPublic: file.access.to === 'public',
      ...(download ? { attachment: `restored-${id}.tif` } : {}),
      read: (range) => this.runtime.bench.store.derivatives.read(file.key, range),
    });
  }

  /** A file of the house, and one that was withdrawn, is there for people of the house only. */
  async #mayRead(access: FileAccess, request: Request): Promise<void> {
    if (access.to === 'public' || (await this.viewers.maySeeUnpublished(request))) return;
    throw access.to === 'withdrawn'
      ? refuse('publication.withdrawn', { reason: access.reason })
      : refuse('image.not-found');
  }
}

async function* single(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
