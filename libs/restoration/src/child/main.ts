import { Refusal } from '@albumen/domain';
import { configureImaging } from '@albumen/imaging';
import type { ChildMessage, ChildRequest, ChildTask } from '../messages.js';
import { assess } from './assess.js';
import { compose } from './compose.js';
import { childContext, type ChildRun } from './context.js';
import { restore, type RestoreRun } from './restore.js';

/** Arguments: models folder, threads (0: all cores), folder of models brought in (may be left out). Started by the engine with an IPC channel; it is of no use alone. */
const [modelsDir, threads, broughtInDir] = process.argv.slice(2);
if (modelsDir === undefined || process.send === undefined) {
  process.stderr.write(
    'Expected a models folder and an IPC channel: the restoration engine starts this file itself.\n',
  );
  process.exit(2);
}
const context = childContext(modelsDir, Number(threads) > 0 ? Number(threads) : undefined, broughtInDir);
configureImaging({ concurrency: context.threads });

function tell(message: ChildMessage): void {
  process.send?.(message);
}

function perform(task: ChildTask, run: ChildRun): Promise<unknown> {
  switch (task.kind) {
    case 'assess':
      return assess(run, context);
    case 'restore':
      return restore({ ...run, ...asked(task) }, context);
    case 'compose':
      return compose({ ...run, ...asked(task), accepted: task.accepted }, context);
  }
}

function asked({ recipe, maskPath, report }: Exclude<ChildTask, { kind: 'assess' }>): Omit<RestoreRun, keyof ChildRun> {
  return { recipe, maskPath, ...(report === undefined ? {} : { report }) };
}

process.on('message', (request: ChildRequest) => {
  const { id, task, execution } = request;
  context.nets.use(execution);
  perform(task, {
    input: task.input,
    into: task.into,
    tell: (progress) => tell({ type: 'progress', id, progress }),
  }).then(
    (result) => tell({ type: 'done', id, result }),
    (error: unknown) => {
      if (error instanceof Refusal) tell({ type: 'refused', id, code: error.code, details: error.details });
      else
        tell({ type: 'failed', id, detail: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    },
  );
});
// The parent is gone: nobody will read the result.
process.on('disconnect', () => process.exit(0));
setInterval(() => tell({ type: 'beat' }), 1000).unref();
tell({ type: 'ready' });
