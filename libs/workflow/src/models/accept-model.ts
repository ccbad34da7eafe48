import type { AcceptModel as AcceptBody, ModelView } from '@albumen/contracts';
import { modelKey, requirePermission, type Actor, type ModelName } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { modelViewOf } from './model-views.js';
import { moveRecorded } from './move-recorded.js';

/** Accepts a model in quarantine: from now on steps may name it. */
export class AcceptModel {
  constructor(private readonly bench: Workbench) {}

  /**
   * Errors: `model.not-found`, `model.not-quarantined`, `model.licence-differs`, `model.level-too-low`,
   * `model.digest-differs`, `model.shipped`.
   */
  async execute(actor: Actor, name: ModelName, terms: AcceptBody): Promise<ModelView> {
    const person = requirePermission(actor, 'models.change');
    const moved = await moveRecorded(this.bench, person, () => this.bench.engine.shelf.accept(name, terms), {
      action: 'model.accepted',
      subject: modelKey(name),
      before: { state: 'quarantined' },
      after: (model) => ({
        state: 'accepted',
        sha256: model.sha256,
        adapter: model.adapter,
        licence: terms.licence,
        level: terms.level,
      }),
    });
    return modelViewOf(moved);
  }
}
