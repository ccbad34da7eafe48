import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import * as z from 'zod';
import {
  auditPage,
  describeItem,
  descriptionHistory,
  descriptionVersion,
  id,
  itemPage,
  itemView,
  pageQuery,
  type DescribeItem as DescribeBody,
  type DescriptionVersion,
  type ItemView,
} from '@albumen/contracts';
import {
  DescribeItem,
  findItems,
  readAudit,
  readDescription,
  readDescriptions,
  readItem,
  type RecognisedPerson,
  type Workbench,
} from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Needs, Person } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';

const searchQuery = z.strictObject({ q: z.string().max(200) });

/** Photographs as catalogued. */
@Controller('api/items')
export class ItemsController {
  constructor(
    @Bench() private readonly bench: Workbench,
    private readonly describeItem: DescribeItem,
  ) {}

  @Get()
  @Needs('catalogue.read')
  @Answers(itemPage)
  find(@Query({ schema: searchQuery }) query: z.infer<typeof searchQuery>): Promise<z.infer<typeof itemPage>> {
    return findItems(this.bench, query.q);
  }

  @Get(':id')
  @Needs('catalogue.read')
  @Answers(itemView)
  one(@Param('id', { schema: id }) itemId: string): Promise<ItemView> {
    return readItem(this.bench, itemId);
  }

  @Put(':id/description')
  @Needs('item.describe')
  @Answers(descriptionVersion)
  async describe(
    @Person() person: RecognisedPerson,
    @Param('id', { schema: id }) itemId: string,
    @Body({ schema: describeItem }) body: DescribeBody,
  ): Promise<DescriptionVersion> {
    const { version } = await this.describeItem.execute(person.actor, itemId, body);
    return readDescription(this.bench, itemId, version);
  }

  @Get(':id/descriptions')
  @Needs('catalogue.read')
  @Answers(descriptionHistory)
  descriptions(@Param('id', { schema: id }) itemId: string): Promise<{ rows: DescriptionVersion[] }> {
    return readDescriptions(this.bench, itemId);
  }

  @Get(':id/journal')
  @Needs('catalogue.read')
  @Answers(auditPage)
  journal(
    @Param('id', { schema: id }) itemId: string,
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<z.infer<typeof auditPage>> {
    return readAudit(this.bench, { ...query, itemId });
  }
}
