import { availableParallelism } from 'node:os';
import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Job } from 'bullmq';
import type { JobOutcome } from '@albumen/domain';
import { jobLocks, serverName } from '@albumen/runtime';
import { JobRunner } from './job-runner.js';

/** Two pictures at a time where there are cores for it: libvips uses the others by itself. */
const imagingConcurrency = availableParallelism() > 2 ? 2 : 1;

@Injectable()
abstract class QueueProcessor extends WorkerHost {
  constructor(@Inject(JobRunner) private readonly runner: JobRunner) {
    super();
  }

  async process(job: Job, token?: string): Promise<JobOutcome> {
    return this.runner.run(job, token);
  }

  @OnWorkerEvent('failed')
  async onFailed(job: Job | undefined, error: Error): Promise<void> {
    if (job && error.message.includes('stalled more than allowable limit')) await this.runner.lost(job, error);
  }
}

/** Characterisation, pyramids, thumbnails. */
@Processor(serverName('imaging'), { ...jobLocks, concurrency: imagingConcurrency })
export class ImagingProcessor extends QueueProcessor {}

/** Runs at a time on one worker: the nets take every core. The queue's estimate counts the workers by it. */
export const restorationSlots = 1;

/** Damage reports, restorations, composites. */
@Processor(serverName('restoration'), { ...jobLocks, concurrency: restorationSlots })
export class RestorationProcessor extends QueueProcessor {}

/** What somebody waits for: proposals, checkpoints, previews (which wait for the engine, so there is room beside them). */
@Processor(serverName('interactive'), { ...jobLocks, concurrency: 4 })
export class InteractiveProcessor extends QueueProcessor {}

export const processors = [ImagingProcessor, RestorationProcessor, InteractiveProcessor] as const;
