import { Controller, Get, Param, Query } from '@nestjs/common';
import * as z from 'zod';
import { id, pageQuery, photographView, publicCollections, publicPage, type PhotographView } from '@albumen/contracts';
import { readPhotograph, readPublicCollections, readPublicPhotographs, type Workbench } from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Open } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';

const photographsQuery = pageQuery.extend({ q: z.string().max(200).optional(), collectionId: id.optional() });

/** What anybody may read. */
@Controller('api/public')
export class PublicController {
  constructor(@Bench() private readonly bench: Workbench) {}

  @Get('photographs')
  @Open()
  @Answers(publicPage)
  photographs(
    @Query({ schema: photographsQuery }) query: z.infer<typeof photographsQuery>,
  ): Promise<z.infer<typeof publicPage>> {
    return readPublicPhotographs(this.bench, query);
  }

  @Get('photographs/:id')
  @Open()
  @Answers(photographView)
  photograph(@Param('id', { schema: id }) itemId: string): Promise<PhotographView> {
    return readPhotograph(this.bench, itemId);
  }

  @Get('collections')
  @Open()
  @Answers(publicCollections)
  collections(): Promise<z.infer<typeof publicCollections>> {
    return readPublicCollections(this.bench);
  }
}
