import { createHash } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import * as z from 'zod';
import {
  acceptModel,
  modelList,
  modelName,
  modelView,
  type AcceptModel as AcceptBody,
  type ModelList,
  type ModelView,
} from '@albumen/contracts';
import { AcceptModel, readModels, RemoveModel, type RecognisedPerson, type Workbench } from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Needs, Open, Person } from '../auth/access.decorator.js';
import { Reader } from '../auth/reader.js';
import { Bench } from '../bench.js';
import { answeredUnchanged } from '../files/entity-tag.js';

const { id: idOf, version: versionOf } = modelName.shape;
type Name = z.infer<typeof modelName>;
const pictureName = z.string().regex(/^[a-z0-9-]{1,64}\.jpg$/);

/** The models that came with Albumen and those that the institution brought in. Bringing one in is the command line's. */
@Controller('api/models')
export class ModelsController {
  constructor(
    @Bench() private readonly bench: Workbench,
    private readonly acceptModel: AcceptModel,
    private readonly removeModel: RemoveModel,
    private readonly reader: Reader,
  ) {}

  @Get()
  @Needs('models.read')
  @Answers(modelList)
  list(): Promise<ModelList> {
    return readModels(this.bench);
  }

  /** A picture of a known failure. They came with Albumen and show nobody's photographs: anybody may see them. */
  @Get(':id/:version/failures/:file')
  @Open()
  @Answers(null)
  async failure(
    @Param('id', { schema: idOf }) id: Name['id'],
    @Param('version', { schema: versionOf }) version: Name['version'],
    @Param('file', { schema: pictureName }) file: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const bytes = await this.bench.engine.shelf.failurePicture({ id, version }, file);
    await this.reader.admit(request, response, { to: 'public' });
    response.set({ 'Content-Type': 'image/jpeg', 'X-Content-Type-Options': 'nosniff' });
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (answeredUnchanged(request, response, digest)) return;
    response.status(200).end(Buffer.from(bytes));
  }

  @Post(':id/:version/accept')
  @HttpCode(200)
  @Needs('models.change')
  @Answers(modelView)
  accept(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: idOf }) id: Name['id'],
    @Param('version', { schema: versionOf }) version: Name['version'],
    @Body({ schema: acceptModel }) body: AcceptBody,
  ): Promise<ModelView> {
    return this.acceptModel.execute(person.actor, { id, version }, body);
  }

  @Delete(':id/:version')
  @Needs('models.change')
  @Answers(modelView)
  remove(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: idOf }) id: Name['id'],
    @Param('version', { schema: versionOf }) version: Name['version'],
  ): Promise<ModelView> {
    return this.removeModel.execute(person.actor, { id, version });
  }
}
