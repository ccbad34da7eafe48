import { Controller, Get } from '@nestjs/common';
import * as z from 'zod';
import type { Workbench } from '@albumen/workflow';
import { Answers } from '../answers.decorator.js';
import { Open } from '../auth/access.decorator.js';
import { Bench } from '../bench.js';

const health = z.object({ ready: z.boolean() });

/** Whether this program can do its work. */
@Controller('health')
export class HealthController {
  constructor(@Bench() private readonly bench: Workbench) {}

  /** Ready where the database answers and the disk can be asked; a problem otherwise. */
  @Get('ready')
  @Open()
  @Answers(health)
  async ready(): Promise<z.infer<typeof health>> {
    await this.bench.database.read.query('select 1');
    await this.bench.store.staging.freeBytes();
    return { ready: true };
  }
}
