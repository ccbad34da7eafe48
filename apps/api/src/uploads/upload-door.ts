import { dirname } from 'node:path';
import { stat } from 'node:fs/promises';
import express, { type Request, type Response, type Router } from 'express';
import { FileConfigstore, FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import type { Logger } from 'pino';
import { intakeLimits, refuse, Refusal, requirePermission, type PersonActor } from '@albumen/domain';
import { readPlannedFile, ReceiveOriginal, type Workbench } from '@albumen/workflow';
import type { SignIn } from '../auth/sign-in.js';
import { sendProblem } from '../problems/problem.filter.js';
import { toProblem } from '../problems/to-problem.js';

const path = '/api/uploads';
const identifier = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const resumable = { 'Tus-Resumable': '1.0.0', 'Cache-Control': 'no-store' };

/** Bytes that stay free for everything else. */
const spareBytes = 64_000_000;

/** The person of each request that is being served, for the hooks of the protocol's server. */
const askers = new WeakMap<object, PersonActor>();

/**
 * Resumable uploads (tus 1.0: creation, termination). An upload has the id of the accession file it carries, so that it
 * can be resumed by whoever knows the plan; once complete, its bytes go through the same use case as the command line's.
 */
export async function uploadDoor(of: {
  readonly bench: Workbench;
  readonly signIn: SignIn;
  readonly receive: ReceiveOriginal;
  readonly log: Logger;
}): Promise<Router> {
  const { bench, log } = of;
  const directory = dirname(await bench.store.staging.pathOf('00000000-0000-4000-8000-000000000000'));
  const configstore = new FileConfigstore(directory);
  const store = new FileStore({ directory, configstore });

  const receive = async (actor: PersonActor, fileId: string): Promise<void> => {
    const answer = await of.receive.execute(actor, { fileId, path: await bench.store.staging.pathOf(fileId) });
    log.info({ fileId, outcome: answer.outcome }, 'upload complete');
    await bench.store.staging.discard(fileId);
    await configstore.delete(fileId);
  };
  const actorOf = (request: object): PersonActor => {
    const node = (request as { runtime?: { node?: { req: object } } }).runtime?.node?.req;
    const actor = node && askers.get(node);
    if (!actor) throw refuse('access.sign-in-needed');
    return actor;
  };

  const server = new Server({
    path,
    datastore: store,
    maxSize: intakeLimits.maxBytes,
    relativeLocation: true,
    allowedOrigins: [],
    namingFunction: (_request, metadata) => {
      const fileId = metadata?.['fileId'] ?? '';
      if (!identifier.test(fileId)) throw asTusError(refuse('accession.file-not-found'));
      return fileId;
    },
    onUploadCreate: async (_request, upload) => {
      const file = await readPlannedFile(bench, upload.id).catch(throwTusError);
      if (file.accessionStatus === 'closed') throw asTusError(refuse('accession.closed'));
      if (file.accessionStatus === 'cancelled') throw asTusError(refuse('accession.cancelled'));
      if (file.outcome !== 'waiting')
        throw asTusError(refuse('request.invalid', { detail: 'this file has its outcome' }));
      if (upload.size !== file.bytes)
        throw asTusError(refuse('file.size-mismatch', { received: upload.size ?? 0, announced: file.bytes }));
      // The bytes lie here once as they arrive and once more in their object, before the first copy goes.
      if ((await bench.store.staging.freeBytes()) < 2 * file.bytes + spareBytes)
        throw asTusError(refuse('storage.full'));
      return {};
    },
    onUploadFinish: async (request, upload) => {
      await receive(actorOf(request), upload.id).catch(throwTusError);
      return {};
    },
    onResponseError: (_request, error) => {
      if ('status_code' in error) return undefined;
      const { problem } = toProblem(error, path);
      log.error({ err: error, code: problem.code }, 'upload failed');
      return { status_code: problem.status, body: JSON.stringify(problem) };
    },
  });

  /** Answers for a file that has its outcome, and goes on with one whose bytes are all here but were never received. */
  const settle = async (request: Request, response: Response, actor: PersonActor): Promise<boolean> => {
    const fileId = request.path.slice(path.length + 1);
    if (request.method !== 'HEAD' || !identifier.test(fileId)) return false;
    const file = await readPlannedFile(bench, fileId);
    if (file.outcome === 'waiting') {
      const staged = await stat(await bench.store.staging.pathOf(fileId)).catch((fault: unknown) => {
        if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw fault;
      });
      if (staged?.size !== file.bytes || !(await configstore.get(fileId))) return false;
      await receive(actor, fileId);
    }
    const bytes = String(file.bytes);
    response
      .status(200)
      .set({ ...resumable, 'Upload-Offset': bytes, 'Upload-Length': bytes })
      .end();
    return true;
  };

  const router = express.Router();
  router.all([path, `${path}/{*id}`], async (request, response) => {
    try {
      if (request.method !== 'OPTIONS') {
        const { actor } = await of.signIn.personOf(request);
        askers.set(request, requirePermission(actor, 'accession.create'));
        if (await settle(request, response, actor)) return;
      }
      if (request.method === 'GET') throw refuse('request.not-found');
      await server.handle(request, response);
    } catch (error) {
      sendProblem(request, response, error, log);
    }
  });
  return router;
}

function throwTusError(error: unknown): never {
  throw error instanceof Refusal ? asTusError(error) : error;
}

/** The shape in which the protocol's server takes an answer; its body is our problem. */
function asTusError(refusal: Refusal): { status_code: number; body: string } {
  return { status_code: refusal.status, body: JSON.stringify(toProblem(refusal, path).problem) };
}
