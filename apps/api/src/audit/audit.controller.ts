import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import * as z from 'zod';
import {
  auditPage,
  auditProof,
  auditVerdict,
  id,
  pageQuery,
  type AuditProof,
  type AuditVerdict,
} from '@albumen/contracts';
import { auditActions } from '@albumen/domain';
import { readAudit, readAuditProof, verifyAudit, type Workbench } from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Needs } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';

const auditQuery = pageQuery.extend({
  action: z.enum(auditActions).optional(),
  actorId: z.string().max(200).optional(),
  subjectId: id.optional(),
});
/** Number of an entry as it stands in an address. */
export const entryNumber = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** Who did what, and the proof of it. */
@Controller('api/audit')
export class AuditController {
  #running: Promise<AuditVerdict> | undefined;

  constructor(@Bench() private readonly bench: Workbench) {}

  @Get()
  @Needs('audit.read')
  @Answers(auditPage)
  list(@Query({ schema: auditQuery }) query: z.infer<typeof auditQuery>): Promise<z.infer<typeof auditPage>> {
    return readAudit(this.bench, query);
  }

  @Get(':seq/proof')
  @Needs('audit.read')
  @Answers(auditProof)
  proof(@Param('seq', { schema: entryNumber }) seq: number): Promise<AuditProof> {
    return readAuditProof(this.bench, seq);
  }

  /** Those who ask while the log is being read share one reading. */
  @Post('verification')
  @Needs('audit.verify')
  @Answers(auditVerdict)
  verify(): Promise<AuditVerdict> {
    this.#running ??= verifyAudit(this.bench).finally(() => (this.#running = undefined));
    return this.#running;
  }
}
