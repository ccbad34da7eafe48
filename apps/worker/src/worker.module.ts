import { BullModule } from '@nestjs/bullmq';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { jobIntake, type QueueConnection, type Runtime } from '@albumen/runtime';
import { JobRunner } from './job-runner.js';
import { processors } from './processors.js';

/** The processors on the configured queue server, with the runner that they share. */
@Module({})
export class WorkerModule {
  static on(runtime: Runtime, queue: QueueConnection, log: Logger): DynamicModule {
    const intake = jobIntake(queue);
    BullModule.workerClass = intake.workerClass;
    return {
      module: WorkerModule,
      imports: [
        BullModule.forRoot({ connection: intake.connection, prefix: intake.prefix }),
        BullModule.registerQueue(),
      ],
      providers: [{ provide: JobRunner, useFactory: () => new JobRunner(runtime.bench, log) }, ...processors],
    };
  }
}
