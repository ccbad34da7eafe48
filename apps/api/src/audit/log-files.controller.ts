import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { auditProof, type AuditProof } from '@albumen/contracts';
import { refuse } from '@albumen/domain';
import { readAuditProof, type Workbench } from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Open } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';
import { entryNumber } from './audit.controller.js';

const tilePath = /^tile\/(\d{1,2}|entries)\/(x\d{3}\/){0,5}\d{3}(\.p\/\d{1,3})?$/;

/** The audit log for strangers, as C2SP tlog-tiles has it: checkpoint, tiles, key, and proofs of single entries. */
@Controller('audit')
export class LogFilesController {
  constructor(@Bench() private readonly bench: Workbench) {}

  @Get('checkpoint')
  @Open()
  @Answers(null)
  async checkpoint(@Res() response: Response): Promise<void> {
    const bytes = await this.bench.store.log.read('checkpoint');
    if (!bytes) throw refuse('request.not-found');
    response.status(200).set({ ...open, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' });
    response.send(Buffer.from(bytes));
  }

  @Get('key')
  @Open()
  @Answers(null)
  key(@Res() response: Response): void {
    response.status(200).set({ ...open, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' });
    response.send(`${this.bench.database.signer.verifierKey}\n`);
  }

  @Get('tile/*path')
  @Open()
  @Answers(null)
  async tile(@Req() request: Request, @Res() response: Response): Promise<void> {
    const path = request.path.replace(/^\/audit\//, '');
    const bytes = tilePath.test(path) ? await this.bench.store.log.read(path) : undefined;
    if (!bytes) throw refuse('request.not-found');
    // "Tiles are immutable": a full tile never changes, a partial one is named by its width.
    response.status(200).set({
      ...open,
      'Content-Type': 'application/octet-stream',
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
    response.send(Buffer.from(bytes));
  }

  @Get('proof/:seq')
  @Open()
  @Answers(auditProof)
  async proof(
    @Param('seq', { schema: entryNumber }) seq: number,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AuditProof> {
    response.set(open);
    return readAuditProof(this.bench, seq);
  }
}

const open = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };
