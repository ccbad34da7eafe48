import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ZodType, infer as Infer } from 'zod';
import {
  accessionFilePage,
  collectionView,
  deskView,
  plannedAccession,
  problem,
  type Problem,
} from '@albumen/contracts';
import { Refusal, type Clock, type RestorationEngine, type Role } from '@albumen/domain';
import { softwareOf } from '@albumen/runtime';
import { picture } from '../../libs/imaging/src/testing/pictures.js';
import { makeApp } from '../../apps/api/src/app.js';
import type { ApiConfig } from '../../apps/api/src/config.js';
import { makeLog } from '../../apps/api/src/log.js';
import { handlersFor, type Handler } from '../../apps/worker/src/handlers.js';
import { openTestRuntime, type TestRuntime } from '../support/test-runtime.js';
import { drawnEngine } from './drawn-engine.js';
import { SignInServer } from './sign-in-server.js';

/** How a request is made. */
export interface Asking {
  readonly method?: string;
  readonly as?: string | undefined;
  readonly json?: unknown;
  readonly body?: BodyInit;
  readonly headers?: Record<string, string>;
}

/** The HTTP door as it is shipped, over real PostgreSQL and real files; jobs are done when a test says so. */
export class HttpStage {
  private constructor(
    readonly runtime: TestRuntime,
    readonly signIn: SignInServer,
    readonly app: NestExpressApplication,
    readonly address: string,
    readonly time: { skew: number },
    private readonly tokens: Record<string, string>,
  ) {}

  static async open(
    options: { readonly portalDir?: string; readonly engine?: RestorationEngine } = {},
  ): Promise<HttpStage> {
    const signIn = await SignInServer.start();
    const time = { skew: 0 };
    const clock: Clock = { now: () => new Date(Date.now() + time.skew) };
    const runtime = await openTestRuntime({ engine: options.engine ?? drawnEngine, clock });
    const config: ApiConfig = {
      runtime: runtime.runtime.config,
      version: softwareOf('api').version,
      host: '127.0.0.1',
      port: 0,
      issuer: signIn.issuer,
      audience: 'albumen-api',
      clientId: 'albumen-portal',
      portalDir: options.portalDir ?? '/nowhere',
      logLevel: 'silent',
      cuts: 2,
    };
    const app = await makeApp(runtime.bench, config, makeLog('silent'));
    const server = (await app.listen(0, '127.0.0.1')) as { address(): AddressInfo };
    const tokens: Record<string, string> = {};
    const people: [string, Role[]][] = [
      ['operator', ['operator']],
      ['curator', ['curator']],
      ['reviewer', ['curator']],
      ['archivist', ['archivist']],
      ['administrator', ['administrator']],
      ['nobody', []],
    ];
    for (const [name, roles] of people) tokens[name] = await signIn.token(name, ...roles);
    const { port } = server.address();
    return new HttpStage(runtime, signIn, app, `http://127.0.0.1:${port}`, time, tokens);
  }

  get bench(): TestRuntime['bench'] {
    return this.runtime.bench;
  }

  /** Asks as one of operator, curator, reviewer, archivist, administrator, nobody; or without a token. */
  ask(path: string, how: Asking = {}): Promise<Response> {
    const token = how.as === undefined ? undefined : this.tokens[how.as];
    if (how.as !== undefined && token === undefined) throw new Error(`Nobody is called ${how.as}`);
    return fetch(`${this.address}${path}`, {
      method: how.method ?? (how.json === undefined ? 'GET' : 'POST'),
      redirect: 'manual',
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(how.json === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...how.headers,
      },
      ...(how.json === undefined ? {} : { body: JSON.stringify(how.json) }),
      ...(how.body === undefined ? {} : { body: how.body }),
    });
  }

  /** Asks and reads the answer by its contract; fails with the whole answer where the status is another. */
  async read<S extends ZodType>(schema: S, path: string, how: Asking = {}, status?: number): Promise<Infer<S>> {
    const response = await this.ask(path, how);
    const text = await response.text();
    if (status === undefined ? !response.ok : response.status !== status)
      throw new Error(`${how.method ?? 'GET'} ${path}: ${response.status} ${text}`);
    return schema.parse(JSON.parse(text)) as Infer<S>;
  }

  /** Asks for something that is refused and reads the problem by its contract. */
  async refused(path: string, how: Asking = {}): Promise<Problem> {
    const response = await this.ask(path, how);
    const text = await response.text();
    if (!response.headers.get('content-type')?.startsWith('application/problem+json'))
      throw new Error(`${path}: expected a problem but received ${response.status} ${text.slice(0, 300)}`);
    const found = problem.parse(JSON.parse(text));
    if (found.status !== response.status) throw new Error(`${path}: ${response.status} is not ${found.status}`);
    return found;
  }

  /** Names what the desk of a review shows now, as a decision must carry it. */
  async shown(reviewId: string | undefined, as = 'curator'): Promise<string> {
    return (await this.read(deskView, `/api/reviews/${reviewId}`, { as })).shown;
  }

  async collection(title: string, more: Record<string, unknown> = {}, as = 'archivist'): Promise<string> {
    const body = { title: { en: title }, ...more };
    return (await this.read(collectionView, '/api/collections', { as, json: body })).id;
  }

  /** Plans and uploads one photograph as the operator, and does every job that follows; answers its item. */
  async photograph(
    collectionId: string,
    name = 'photograph.jpg',
    size = 700,
  ): Promise<{ itemId: string; bytes: Buffer }> {
    const bytes = await picture(size + this.#uploads, 500)
      .jpeg({ quality: 90 })
      .toBuffer();
    this.#uploads += 1;
    const { accession, files } = await this.read(plannedAccession, '/api/accessions', {
      as: 'operator',
      json: { collectionId, files: [{ name, path: name, bytes: bytes.length }] },
    });
    const place = await this.startUpload(files[0]?.id ?? '', bytes.length);
    await this.sendBytes(place, 0, bytes);
    const page = await this.read(accessionFilePage, `/api/accessions/${accession.id}/files`, { as: 'operator' });
    const itemId = page.rows[0]?.itemId;
    if (!itemId) throw new Error(`Expected the upload to be received: ${JSON.stringify(page.rows)}`);
    await this.drain();
    return { itemId, bytes };
  }
  #uploads = 0;

  async startUpload(fileId: string, bytes: number, as = 'operator'): Promise<string> {
    const response = await this.ask('/api/uploads', {
      method: 'POST',
      as,
      headers: {
        'Tus-Resumable': '1.0.0',
        'Upload-Length': String(bytes),
        'Upload-Metadata': `fileId ${Buffer.from(fileId).toString('base64')}`,
      },
    });
    if (response.status !== 201) throw new Error(`upload: ${response.status} ${await response.text()}`);
    return response.headers.get('location') ?? '';
  }

  async sendBytes(place: string, offset: number, bytes: Uint8Array, as: string | null = 'operator'): Promise<Response> {
    return this.ask(place, {
      method: 'PATCH',
      as: as ?? undefined,
      body: Buffer.from(bytes),
      headers: {
        'Tus-Resumable': '1.0.0',
        'Upload-Offset': String(offset),
        'Content-Type': 'application/offset+octet-stream',
      },
    });
  }

  /** Does every job that waits, until nothing does; each must be done. */
  async drain(): Promise<void> {
    const refused = await this.work();
    if (refused.length > 0) throw new Error(`Expected the jobs to be done: ${JSON.stringify(refused)}`);
  }

  /** The same, answering the refusals that jobs ended with, by the names of the jobs. */
  async work(): Promise<[job: string, code: string][]> {
    const handlers = handlersFor(this.bench);
    const refused: [string, string][] = [];
    for (;;) {
      await this.runtime.runtime.relay();
      const next = this.runtime.queue.take();
      if (!next) return refused;
      const handler = handlers[next.job.name] as Handler;
      const actor = { kind: 'job', name: next.job.name, id: next.id } as const;
      try {
        await handler(actor, next.job.payload, new AbortController().signal);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push([next.job.name, error.code]);
      }
    }
  }

  /** Does a job once more, as the queue does after a failure that may pass. */
  async redo(jobId: string): Promise<void> {
    const found = this.runtime.queue.history.find(({ id }) => id === jobId);
    if (!found) throw new Error(`There was no job ${jobId}`);
    const handler = handlersFor(this.bench)[found.job.name] as Handler;
    await handler({ kind: 'job', name: found.name, id: jobId }, found.job.payload, new AbortController().signal);
  }

  async rows<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    return (await this.bench.database.read.query(sql, values)) as T[];
  }

  /** Runs work and answers which audit actions it wrote, in order. */
  async recorded(work: () => Promise<unknown>): Promise<string[]> {
    const last = await this.rows<{ n: number }>('select coalesce(max(seq), -1)::int as n from audit_entry');
    await work();
    const rows = await this.rows<{ action: string }>('select action from audit_entry where seq > $1 order by seq', [
      last[0]?.n ?? -1,
    ]);
    return rows.map((row) => row.action);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.runtime.close();
    await this.signIn.stop();
  }
}
