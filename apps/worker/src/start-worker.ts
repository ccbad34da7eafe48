import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import { openRuntime, type Runtime } from '@albumen/runtime';
import { endPresence, notePresence, presenceSeconds } from '@albumen/workflow';
import type { WorkerConfig } from './config.js';
import { JobRunner } from './job-runner.js';
import { nestLog } from './nest-log.js';
import { processors, restorationSlots } from './processors.js';
import { WorkerModule } from './worker.module.js';

/** Milliseconds between two signed checkpoints of the audit log, where entries came. */
const checkpointEvery = 60_000;

/** A worker at work. */
export interface RunningWorker {
  /** Lets go of the work under way (it runs again later), takes no more, closes everything. */
  stop(): Promise<void>;
}

/** Opens the runtime, takes jobs from every queue and relays the outbox. */
export async function startWorker(config: WorkerConfig, log: Logger): Promise<RunningWorker> {
  const report = (error: Error): void => log.warn({ err: error }, 'trouble that is tried again');
  const runtime = await openRuntime({ ...config.runtime, report });
  try {
    const app = await NestFactory.createApplicationContext(WorkerModule.on(runtime, config.runtime.queue, log), {
      logger: nestLog(log),
      abortOnError: false,
    });
    const workers = processors.map((processor) => app.get(processor).worker);
    for (const worker of workers) worker.on('error', report);
    runtime.keepRelaying();
    const checkpoints = keepSigning(runtime, report);
    const presence = await keepPresence(runtime, report);
    return {
      async stop() {
        clearInterval(checkpoints);
        // Pause first: a job that is put back must not be taken again by this worker.
        await Promise.all(workers.map((worker) => worker.pause(true)));
        app.get(JobRunner).stop();
        await presence.end();
        await app.close();
        await runtime.close();
      },
    };
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

function keepSigning(runtime: Runtime, report: (error: Error) => void): NodeJS.Timeout {
  return setInterval(() => {
    runtime.queue.add(randomUUID(), { name: 'sign-checkpoint', payload: {} }).catch(report);
  }, checkpointEvery);
}

/** Gives signs of life until it ends. A worker that is killed counts as gone once none has come for a while. */
async function keepPresence(runtime: Runtime, report: (error: Error) => void): Promise<{ end(): Promise<void> }> {
  const worker = { id: randomUUID(), slots: restorationSlots };
  await notePresence(runtime.bench, worker);
  const timer = setInterval(() => void notePresence(runtime.bench, worker).catch(report), presenceSeconds.every * 1000);
  return {
    async end() {
      clearInterval(timer);
      await endPresence(runtime.bench, worker.id).catch(report);
    },
  };
}
