import 'reflect-metadata';
import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import type { Logger } from 'pino';
import { configureImageCutting } from '@albumen/imaging';
import { ReceiveOriginal, RecognisePerson, type Workbench } from '@albumen/workflow';
import { AppModule, type Parts } from './app.module.js';
import { AccessTokens } from './auth/access-token.js';
import { Reader } from './auth/reader.js';
import { SignIn } from './auth/sign-in.js';
import { ViewPass } from './auth/view-pass.js';
import type { ApiConfig } from './config.js';
import { imageDoor } from './iiif/image-door.js';
import { ImageShelf } from './iiif/image-shelf.js';
import { NestLog } from './log.js';
import { makeOpenApi } from './openapi.js';
import { pageDoor } from './pages/page-door.js';
import { requestLog } from './request-log.js';
import { securityHeaders } from './security-headers.js';
import { uploadDoor } from './uploads/upload-door.js';

/** Milliseconds that one request may take to arrive. */
const longestRequestMs = 3_600_000;

/** Bytes of a body: plans of an accession name thousands of files, requests for restorations carry drawn marks, everything else is small. */
const limits = { plan: '24mb', drawn: '4mb', other: '1mb' } as const;

/** The HTTP door over a workbench, ready to listen. Close it before the workbench. */
export async function makeApp(bench: Workbench, config: ApiConfig, log: Logger): Promise<NestExpressApplication> {
  configureImageCutting({ concurrent: config.cuts, waiting: 64 });
  const signIn = new SignIn(
    new AccessTokens({ issuer: config.issuer, audience: config.audience }, log),
    new RecognisePerson(bench),
  );
  const pass = new ViewPass(bench.database.veil('view-pass-key'), bench.publicUrl.startsWith('https:'));
  const reader = new Reader(signIn, pass);
  const parts: Parts = { bench, config, log, signIn, pass, reader, shelf: new ImageShelf(bench) };

  const server = express();
  server.disable('x-powered-by').disable('etag');
  server.set('query parser', 'simple');
  server.use(requestLog(log));
  server.use(securityHeaders({ issuer: config.issuer, publicUrl: bench.publicUrl }));
  server.use(imageDoor({ shelf: parts.shelf, reader, publicUrl: bench.publicUrl, log }));
  server.use(await uploadDoor({ bench, signIn, receive: new ReceiveOriginal(bench), log }));
  server.use(pageDoor({ bench, portalDir: config.portalDir, issuer: config.issuer, log }));
  server.use('/api/accessions', express.json({ limit: limits.plan }));
  server.use('/api/originals', express.json({ limit: limits.drawn }));
  server.use('/api', express.json({ limit: limits.other }));
  // Answers of the API hold what may change at any moment and who asked; files and manifests say otherwise themselves.
  server.use('/api', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });

  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(parts), new ExpressAdapter(server), {
    bodyParser: false,
    logger: new NestLog(log),
    abortOnError: false,
  });
  const document = makeOpenApi(app, config.version);
  server.get('/openapi.json', (_request, response) => {
    response.set({ 'Cache-Control': 'no-cache', 'Access-Control-Allow-Origin': '*' }).json(document);
  });
  // A slow line may need long for one upload; headers still have to come within a minute.
  (app.getHttpServer() as Server).requestTimeout = longestRequestMs;
  await app.init();
  return app;
}
