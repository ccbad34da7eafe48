import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { id } from '@albumen/contracts';
import { Refusal, refuse } from '@albumen/domain';
import { manifestMediaType } from '@albumen/iiif';
import { readManifestFile, type Workbench } from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Open } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';
import { answeredUnchanged } from '../files/entity-tag.js';
import { problemMediaType, toProblem } from '../problems/to-problem.js';

/** Manifests (IIIF Presentation 3.0), byte for byte as they were hashed. */
@Controller('iiif/manifest')
export class ManifestController {
  constructor(@Bench() private readonly bench: Workbench) {}

  @Get(':id')
  @Open()
  @Answers(null)
  async manifest(
    @Param('id', { schema: id }) itemId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    response.set({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'ETag',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    const manifest = await readManifestFile(this.bench, itemId).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'publication.withdrawn') return error;
      throw error;
    });
    if (manifest instanceof Refusal) {
      this.#tombstone(response, itemId, manifest);
      return;
    }
    const bytes = await this.bench.store.derivatives.readBytes(manifest.key);
    if (bytes.byteLength === 0) throw refuse('storage.missing', { key: manifest.key });
    response.status(200).set({
      'Content-Type': manifestMediaType,
      'Last-Modified': manifest.publishedAt.toUTCString(),
      'Cache-Control': 'public, no-cache',
    });
    if (answeredUnchanged(request, response, manifest.sha256)) return;
    response.send(Buffer.from(bytes));
  }

  /** What stands in the place of a withdrawn manifest (ActivityStreams 2.0, Tombstone), and is a problem of ours too. */
  #tombstone(response: Response, itemId: string, withdrawn: Refusal): void {
    const { problem } = toProblem(withdrawn, `/iiif/manifest/${itemId}`);
    response
      .status(410)
      .set({ 'Cache-Control': 'no-store', 'Content-Type': problemMediaType })
      .send(
        JSON.stringify({
          '@context': 'https://www.w3.org/ns/activitystreams',
          id: `${this.bench.publicUrl}/iiif/manifest/${itemId}`,
          formerType: 'Manifest',
          summary: withdrawn.details['reason'],
          ...problem,
        }),
      );
  }
}
