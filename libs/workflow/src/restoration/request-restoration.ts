import { randomUUID } from 'node:crypto';
import { In } from 'typeorm';
import { levelOf, refuse, requirePermission, type Actor, type Json, type Recipe } from '@albumen/domain';
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
import { boundedJson } from '../audit/bounded-json.js';
import { requirePresetWithin } from '../collection/preset-within.js';
import { findOriginal } from '../original/processing-step.js';
import { recipeDigest } from './recipe-digest.js';
import { requestedRecipe, requireLevelWithin, requireRecipeWithin } from './requested-recipe.js';
import { toldRecipe } from './told-recipe.js';

/** Writes a requested restoration inside a change and records it; answers its row. */
export async function insertRequest(
  bench: Workbench,
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
    recipeSha256: recipeDigest(toldRecipe(request.recipe, (value) => bench.database.veil(value))),
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
      recipe: recipeForLog(request.recipe, (value) => bench.database.veil(value)),
      recipeSha256: row.recipeSha256,
      level: row.level,
      automatic: row.automatic,
      requestedBy: row.requestedBy,
      requestedWith: row.requestedWith,
    } as unknown as Json,
  });
  return row;
}

/** A recipe as the log keeps it: long mark-up by its digest, and what is said of witnesses as a salted digest. */
export function recipeForLog(recipe: Recipe, veil: (value: string) => string): Json {
  return {
    version: recipe.version,
    steps: recipe.steps.map(({ strokes, hints, ...step }) => ({
      ...step,
      ...(strokes ? { strokes: boundedJson(strokes as unknown as Json) } : {}),
      ...(hints
        ? { hints: boundedJson(hints.map((hint) => ({ ...hint, note: veil(hint.note) })) as unknown as Json) }
        : {}),
    })),
    ...(recipe.protect ? { protect: boundedJson(recipe.protect as unknown as Json) } : {}),
  } as unknown as Json;
}

/** Asks for a restoration of an original: the steps that the measurements call for, or steps that a person chose. */
export class RequestRestoration {
  constructor(private readonly bench: Workbench) {}

  /**
   * Answers the id of the new restoration. Errors: those of `requestedRecipe`, `original.not-found`,
   * `restoration.not-analysed`, `collection.preset-above-level`, `restoration.level-above-collection`,
   * `restoration.already-exists`.
   */
  async execute(actor: Actor, request: RequestBody & { readonly originalId: string }): Promise<string> {
    const person = requirePermission(actor, 'restoration.request');
    const { database, engine } = this.bench;
    const { manager } = database.read;
    const original = await findOriginal(this.bench, request.originalId);
    const report = await manager.findOneBy(DamageReportRecord, { originalId: original.id });
    if (!report) throw refuse('restoration.not-analysed');
    const item = await manager.findOneByOrFail(ItemRecord, { id: original.itemId });
    const collection = await manager.findOneByOrFail(CollectionRecord, { id: item.collectionId });
    const preset = request.preset ?? collection.preset;
    requirePresetWithin(preset, collection.treatmentLevel);
    requireLevelWithin(request.steps, collection.treatmentLevel);
    const recipe = requestedRecipe(request, { report: report.body, pins: await engine.pins(), preset });
    requireRecipeWithin(recipe, collection.treatmentLevel);
    return database.change(person, async (change) => {
      // Before notes could be kept back, a recipe was named with them in it.
      const names = [recipe, toldRecipe(recipe, (value) => database.veil(value))].map(recipeDigest);
      if (await change.manager.existsBy(RestorationRecord, { originalId: original.id, recipeSha256: In(names) }))
        throw refuse('restoration.already-exists');
      const row = await insertRequest(this.bench, change, {
        original,
        recipe,
        requestedBy: person.id,
        requestedWith: [],
        automatic: false,
      });
      return row.id;
    });
  }
}
