import type { ModelView } from '@albumen/contracts';
import { modelKey, requirePermission, type Actor, type ModelName } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { modelViewOf } from './model-views.js';
import { moveRecorded } from './move-recorded.js';

/** Removes a model that was brought in: no step may name it any more; receipts that name it stay as they are. */
export class RemoveModel {
  constructor(private readonly bench: Workbench) {}

  /** Errors: `model.not-found` (also for one that is removed already), `model.shipped`. */
  async execute(actor: Actor, name: ModelName): Promise<ModelView> {
    const person = requirePermission(actor, 'models.change');
    const moved = await moveRecorded(this.bench, person, () => this.bench.engine.shelf.remove(name), {
      action: 'model.removed',
      subject: modelKey(name),
      before: null,
      after: (model) => ({ state: 'removed', sha256: model.sha256 }),
    });
    return modelViewOf(moved);
  }
}
