import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
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
import { Needs, Person } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';

const { id: idOf, version: versionOf } = modelName.shape;
type Name = z.infer<typeof modelName>;

/** The models that came with Albumen and those that the institution brought in. Bringing one in is the command line's. */
@Controller('api/models')
export class ModelsController {
  constructor(
    @Bench() private readonly bench: Workbench,
    private readonly acceptModel: AcceptModel,
    private readonly removeModel: RemoveModel,
  ) {}

  @Get()
  @Needs('models.read')
  @Answers(modelList)
  list(): Promise<ModelList> {
    return readModels(this.bench);
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
