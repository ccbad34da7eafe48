import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import * as z from 'zod';
import {
  accessionFilePage,
  accessionPage,
  accessionView,
  id,
  pageQuery,
  plannedAccession,
  planAccession,
  type AccessionFileView,
  type AccessionView,
  type PlanAccession as PlanBody,
  type PlannedAccession,
} from '@albumen/contracts';
import { fileOutcomes, refuse } from '@albumen/domain';
import {
  CancelAccession,
  CloseAccession,
  PlanAccession,
  readAccession,
  readAccessionFiles,
  readAccessions,
  type RecognisedPerson,
  type Workbench,
} from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Needs, Person } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';
import { refusedAsCsv } from './refused-csv.js';

const filesQuery = pageQuery.extend({ outcome: z.enum(fileOutcomes).optional() });
const key = z
  .string()
  .regex(/^[\w.:-]{1,200}$/)
  .optional();

/** Acts of bringing files into custody. */
@Controller('api/accessions')
export class AccessionsController {
  constructor(
    @Bench() private readonly bench: Workbench,
    private readonly planAccession: PlanAccession,
    private readonly closeAccession: CloseAccession,
    private readonly cancelAccession: CancelAccession,
  ) {}

  @Post()
  @Needs('accession.create')
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A repeat answers the same accession.' })
  @Answers(plannedAccession, 201)
  async plan(
    @Person() person: RecognisedPerson,
    @Body({ schema: planAccession }) body: PlanBody,
    @Req() request: Request,
  ): Promise<PlannedAccession> {
    const idempotencyKey = key.safeParse(request.headers['idempotency-key']);
    if (!idempotencyKey.success) throw refuse('request.invalid', { detail: 'Idempotency-Key' });
    const { accessionId } = await this.planAccession.execute(person.actor, {
      ...body,
      idempotencyKey: idempotencyKey.data,
    });
    return {
      accession: await readAccession(this.bench, accessionId),
      files: await this.#allFiles(accessionId),
    };
  }

  @Get()
  @Needs('catalogue.read')
  @Answers(accessionPage)
  async list(@Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>): Promise<z.infer<typeof accessionPage>> {
    return { ...(await readAccessions(this.bench, query)), total: null };
  }

  @Get(':id')
  @Needs('catalogue.read')
  @Answers(accessionView)
  one(@Param('id', { schema: id }) accessionId: string): Promise<AccessionView> {
    return readAccession(this.bench, accessionId);
  }

  @Get(':id/files')
  @Needs('catalogue.read')
  @Answers(accessionFilePage)
  async files(
    @Param('id', { schema: id }) accessionId: string,
    @Query({ schema: filesQuery }) query: z.infer<typeof filesQuery>,
  ): Promise<z.infer<typeof accessionFilePage>> {
    await readAccession(this.bench, accessionId);
    return { ...(await readAccessionFiles(this.bench, accessionId, query)), total: null };
  }

  @Get(':id/refused.csv')
  @Needs('catalogue.read')
  @Answers(null)
  async refused(@Param('id', { schema: id }) accessionId: string, @Res() response: Response): Promise<void> {
    await readAccession(this.bench, accessionId);
    const rows = await this.#allFiles(accessionId, 'refused');
    response
      .status(200)
      .set('Content-Type', 'text/csv; charset=utf-8')
      .set('Content-Disposition', `attachment; filename="refused-${accessionId}.csv"`)
      .set('Cache-Control', 'private, no-store')
      .send(refusedAsCsv(rows));
  }

  @Post(':id/close')
  @Needs('accession.create')
  @Answers(accessionView)
  async close(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) accessionId: string,
  ): Promise<AccessionView> {
    await this.closeAccession.execute(person.actor, accessionId);
    return readAccession(this.bench, accessionId);
  }

  @Post(':id/cancel')
  @Needs('accession.create')
  @Answers(accessionView)
  async cancel(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) accessionId: string,
  ): Promise<AccessionView> {
    await this.cancelAccession.execute(person.actor, accessionId);
    return readAccession(this.bench, accessionId);
  }

  async #allFiles(accessionId: string, outcome?: 'refused'): Promise<AccessionFileView[]> {
    const rows: AccessionFileView[] = [];
    let cursor: string | undefined;
    do {
      const page = await readAccessionFiles(this.bench, accessionId, { outcome, cursor, limit: 2000 });
      rows.push(...page.rows);
      cursor = page.next ?? undefined;
    } while (cursor);
    return rows;
  }
}
