import type { AuditAction, Json, ModelMoved, ModelOnShelf, PersonActor } from '@albumen/domain';
import type { Workbench } from '../workbench.js';

/** How a move is told to the log. */
interface MoveEntry {
  readonly action: Extract<AuditAction, 'model.accepted' | 'model.removed'>;
  readonly subject: string;
  readonly before: Json;
  readonly after: (model: ModelOnShelf) => Json;
}

/** Lock under which models are moved, so that two administrators do not move one at once. */
const moveLock = 4_711_020;

/**
 * Moves a model and records it. The folder of models is no part of the database: the move is made inside the change and
 * taken back where the change fails; what cannot be taken back follows once it is recorded.
 */
export async function moveRecorded(
  { database }: Workbench,
  person: PersonActor,
  move: () => Promise<ModelMoved>,
  entry: MoveEntry,
): Promise<ModelOnShelf> {
  let moved: ModelMoved | undefined;
  try {
    await database.change(person, async ({ manager, record }) => {
      await manager.query('select pg_advisory_xact_lock($1)', [moveLock]);
      moved = await move();
      record({
        action: entry.action,
        subject: entry.subject,
        before: entry.before,
        after: entry.after(moved.model),
      });
    });
  } catch (error) {
    await moved?.undo();
    throw error;
  }
  if (moved === undefined) throw new TypeError('Expected a change that moves the model');
  await moved.settle();
  return moved.model;
}
