import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type * as z from 'zod';
import { id, receiptFile, receiptQuery } from '@albumen/contracts';
import { refuse, type DerivativeUse } from '@albumen/domain';
import {
  readDerivative,
  readOriginalFile,
  readReceipt,
  type FileAccess,
  type ReadableFile,
  type Workbench,
} from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Open } from '../auth/access.decorator.js';
import { Reader } from '../auth/reader.js';
import { Bench } from '../bench.js';
import { readRange } from './byte-range.js';
import { answeredUnchanged } from './entity-tag.js';

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/tiff': 'tif',
  'image/png': 'png',
  'image/webp': 'webp',
};
const pictures: readonly DerivativeUse[] = ['thumbnail', 'damage-mask', 'region-labels', 'change-map', 'step-map'];

/** Stored files: what was published for anybody, everything for staff. */
@Controller('api/files')
export class FilesController {
  constructor(
    @Bench() private readonly bench: Workbench,
    private readonly reader: Reader,
  ) {}

  @Get('thumbnail/:id')
  @Open()
  @Answers(null)
  async thumbnail(
    @Param('id', { schema: id }) derivativeId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.#derivative(request, response, derivativeId, ['thumbnail']);
  }

  @Get('derivative/:id')
  @Open()
  @Answers(null)
  async derivative(
    @Param('id', { schema: id }) derivativeId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.#derivative(request, response, derivativeId, pictures);
  }

  @Get('master/:id')
  @Open()
  @Answers(null)
  async master(
    @Param('id', { schema: id }) derivativeId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const file = await readDerivative(this.bench, derivativeId);
    if (file.use !== 'master') throw refuse('image.not-found', { id: derivativeId });
    await this.#admit(request, response, file.access);
    const name = `restored-${file.id}.${extensions[file.mediaType] ?? 'bin'}`;
    await this.#send(request, response, file, (range) => this.bench.store.derivatives.read(file.key, range), name);
  }

  @Get('original/:id')
  @Open()
  @Answers(null)
  async original(
    @Param('id', { schema: id }) originalId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const file = await readOriginalFile(this.bench, originalId);
    await this.#admit(request, response, file.access);
    await this.#send(
      request,
      response,
      file,
      (range) => this.bench.store.originals.read(file.key, range),
      file.fileName,
    );
  }

  @Get('receipt/:id')
  @Open()
  @Answers(receiptFile)
  async receipt(
    @Param('id', { schema: id }) restorationId: string,
    @Query({ schema: receiptQuery }) query: z.infer<typeof receiptQuery>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { file, access } = await readReceipt(this.bench, restorationId, query.of);
    await this.#admit(request, response, access);
    response.status(200).set('Content-Type', 'application/json; charset=utf-8');
    response.send(JSON.stringify(file, null, 2));
  }

  async #derivative(
    request: Request,
    response: Response,
    derivativeId: string,
    uses: readonly DerivativeUse[],
  ): Promise<void> {
    const file = await readDerivative(this.bench, derivativeId);
    if (!uses.includes(file.use)) throw refuse('image.not-found', { id: derivativeId });
    await this.#admit(request, response, file.access);
    await this.#send(request, response, file, (range) => this.bench.store.derivatives.read(file.key, range));
  }

  async #admit(request: Request, response: Response, access: FileAccess): Promise<void> {
    response.set('X-Content-Type-Options', 'nosniff');
    await this.reader.admit(request, response, access);
    if (access.to === 'public')
      response.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' });
  }

  /** Sends the bytes, whole or one range of them, as an attachment where a name is given. */
  async #send(
    request: Request,
    response: Response,
    file: ReadableFile,
    read: (range?: { start: number; end: number }) => Promise<AsyncIterable<Uint8Array>>,
    attachmentName?: string,
  ): Promise<void> {
    response.set({ 'Content-Type': file.mediaType, 'Accept-Ranges': 'bytes' });
    if (attachmentName !== undefined)
      response.attachment(attachmentName.replace(/\p{Cc}/gu, '_')).set('Content-Type', file.mediaType);
    if (answeredUnchanged(request, response, file.sha256)) return;
    const range = readRange(request.headers.range, file.bytes);
    if (range === 'unsatisfiable') {
      response.status(416).set('Content-Range', `bytes */${file.bytes}`).end();
      return;
    }
    response.status(range ? 206 : 200);
    response.set('Content-Length', String(range ? range.end - range.start + 1 : file.bytes));
    if (range) response.set('Content-Range', `bytes ${range.start}-${range.end}/${file.bytes}`);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    await pipeline(Readable.from(await read(range)), response).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    });
  }
}
