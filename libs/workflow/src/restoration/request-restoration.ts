import { createHash, randomUUID } from 'node:crypto';
import {
  canonicalJson,
  inOrder,
  levelOf,
  operationNames,
  proposeRecipe,
  refuse,
  requirePermission,
  step,
  type Actor,
  type Json,
  type Operation,
  type Recipe,
  type RecipeStep,
} from '@albumen/domain';
import type { RequestRestoration as RequestBody } from '@albumen/contracts';
import {
  CollectionRecord,
  DamageReportRecord,
  ItemRecord,
  RestorationRecord,
  type Change,
  type OriginalRecord,
} from '@albumen/database';
import type { Workbench } from '../workbench.js';
import { findOriginal } from '../original/processing-step.js';

/** The digest that names a recipe: SHA-256 of its canonical JSON, hex. */
export const recipeDigest = (recipe: Recipe): string =>
  createHash('sha256').update(canonicalJson(recipe)).digest('hex');

/** Writes a requested restoration inside a change and records it; answers its row. */
export async function insertRequest(
  change: Change,
  request: {
    readonly original: OriginalRecord;
    readonly recipe: Recipe;
    readonly requestedBy: string;
    readonly requestedWith: readonly string[];
    readonly automatic: boolean;
  },
): Promise<RestorationRecord> {
  const row = Object.assign(new RestorationRecord(), {
    id: randomUUID(),
    originalId: request.original.id,
    itemId: request.original.itemId,
    status: 'requested' as const,
    recipe: request.recipe,
    recipeSha256: recipeDigest(request.recipe),
    level: levelOf(request.recipe),
    automatic: request.automatic,
    requestedBy: request.requestedBy,
    requestedWith: [...request.requestedWith],
    requestedAt: change.now,
  });
  await change.manager.insert(RestorationRecord, row as never);
  change.record({
    action: 'restoration.requested',
    subject: row.id,
    item: row.itemId,
    after: {
      recipe: request.recipe,
      recipeSha256: row.recipeSha256,
      level: row.level,
      automatic: row.automatic,
      requestedBy: row.requestedBy,
      requestedWith: row.requestedWith,
    } as unknown as Json,
  });
  return row;
}

/** Asks for a restoration of an original: the steps that the measurements call for, or steps that a person chose. */
export class RequestRestoration {
  constructor(private readonly bench: Workbench) {}

  /** Answers the id of the new restoration. */
  async execute(actor: Actor, request: RequestBody & { readonly originalId: string }): Promise<string> {
    const person = requirePermission(actor, 'restoration.request');
    const { read } = this.bench.database;
    const original = await findOriginal(this.bench, request.originalId);
    const report = await read.getRepository(DamageReportRecord).findOneBy({ originalId: original.id });
    if (!report) throw refuse('restoration.not-analysed');
    const item = await read.getRepository(ItemRecord).findOneByOrFail({ id: original.itemId });
    const collection = await read.getRepository(CollectionRecord).findOneByOrFail({ id: item.collectionId });
    const pins = await this.bench.engine.pins();
    const proposed = proposeRecipe(report.body, pins);
    const measured: Readonly<Record<string, number>> = {
      balance: 0,
      blackPoint: report.body.fading.blackPoint,
      whitePoint: report.body.fading.whitePoint,
    };
    const recipe: Recipe = request.steps
      ? { version: 1, steps: inOrder(request.steps.map((wanted) => this.#chosen(wanted, proposed, measured, pins))) }
      : proposed;
    if (recipe.steps.length === 0) throw refuse('restoration.nothing-to-do');
    if (new Set(recipe.steps.map((each) => each.operation)).size < recipe.steps.length) {
      throw refuse('request.invalid', { detail: 'an operation stands in a recipe once at most' });
    }
    if (levelOf(recipe) > collection.treatmentLevel) {
      throw refuse('restoration.level-above-collection', {
        needed: levelOf(recipe),
        allowed: collection.treatmentLevel,
      });
    }
    return this.bench.database.change(person, async (change) => {
      if (
        await change.manager.existsBy(RestorationRecord, {
          originalId: original.id,
          recipeSha256: recipeDigest(recipe),
        })
      ) {
        throw refuse('restoration.already-exists');
      }
      const row = await insertRequest(change, {
        original,
        recipe,
        requestedBy: person.id,
        requestedWith: [],
        automatic: false,
      });
      return row.id;
    });
  }

  #chosen(
    wanted: {
      readonly operation: string;
      readonly strength: number;
      readonly parameters: Readonly<Record<string, number>>;
    },
    proposed: Recipe,
    measured: Readonly<Record<string, number>>,
    pins: Parameters<typeof step>[3],
  ): RecipeStep {
    if (!(operationNames as readonly string[]).includes(wanted.operation))
      throw refuse('restoration.step-unknown', { operation: wanted.operation });
    const operation = wanted.operation as Operation;
    const known =
      proposed.steps.find((each) => each.operation === operation)?.parameters ??
      (operation === 'correct-tone' ? measured : {});
    return step(operation, wanted.strength, { ...known, ...wanted.parameters }, pins);
  }
}
