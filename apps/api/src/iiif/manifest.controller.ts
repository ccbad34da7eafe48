import { Controller, Get, Head, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Refusal } from '@albumen/domain';
import { manifestMediaType } from '@albumen/iiif';
import type { Runtime } from '@albumen/runtime';
import { readManifestFile } from '@albumen/workflow';
import { Identifier } from '../files/identifier.js';
import { answeredFresh } from '../files/send-file.js';
import { API_SETTINGS, RUNTIME, type ApiSettings } from '../runtime.token.js';

/** Published manifests: the bytes served are the bytes whose digest was recorded. */
@ApiExcludeController()
@Controller('iiif/manifest')
export class ManifestController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(API_SETTINGS) private readonly settings: ApiSettings,
  ) {}

  @Get(':itemId')
  @Head(':itemId')
  async manifest(
    @Param('itemId', Identifier) itemId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.vary('Accept');
    const file = await readManifestFile(this.runtime.bench, itemId).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'publication.withdrawn') return error;
      throw error;
    });
    if (file instanceof Refusal) {
      this.#tombstone(response, itemId, String(file.details['reason'] ?? ''));
      return;
    }
    response.setHeader('ETag', `"${file.sha256}"`);
    response.setHeader('Cache-Control', 'public, max-age=60, must-revalidate');
    const plain = (request.headers.accept ?? '').includes('application/json');
    response.setHeader('Content-Type', plain ? 'application/json' : manifestMediaType);
    if (answeredFresh(request, response)) return;
    const bytes = await this.runtime.bench.store.derivatives.readBytes(file.key);
    response.setHeader('Content-Length', bytes.byteLength);
    response.end(request.method === 'HEAD' ? undefined : Buffer.from(bytes));
  }

  /** What stands in the place of a withdrawn manifest: ActivityStreams 2.0 §3.8, with the reason. */
  #tombstone(response: Response, itemId: string, reason: string): void {
    response.status(410).setHeader('Cache-Control', 'no-store').setHeader('Content-Type', 'application/activity+json');
    response.end(
      JSON.stringify({
        '@context': 'https://www.w3.org/ns/activitystreams',
        id: `${this.settings.publicUrl}/iiif/manifest/${itemId}`,
        type: 'Tombstone',
        formerType: 'Manifest',
        summary: reason,
      }),
    );
  }
}
