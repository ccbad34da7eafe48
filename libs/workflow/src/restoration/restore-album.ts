import { In } from 'typeorm';
import type { AlbumRequest, RestoreAlbum as AlbumBody } from '@albumen/contracts';
import { CollectionRecord, OriginalRecord, RestorationRecord } from '@albumen/database';
import {
  albumParameters,
  albumSpread,
  factsOf,
  guarded,
  refuse,
  requirePermission,
  sentence,
  type Actor,
  type DamageReport,
  type ErrorCode,
  type PersonActor,
  type Recipe,
  type Side,
} from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { recipeDigest } from './recipe-digest.js';
import { insertRequest } from './request-restoration.js';
import { requestedRecipe, requireLevelWithin, requireRecipeWithin } from './requested-recipe.js';

/** Originals of one request at most, and of one change. */
const mostItems = 10_000;
const itemsOfAChange = 200;

/** An original of the album's items, and what was measured on it; an item without any stands here, too. */
interface Leaf {
  readonly itemId: string;
  readonly originalId: string | null;
  readonly side: Side | null;
  readonly report: DamageReport | null;
}
type Measured = Leaf & { readonly originalId: string; readonly side: Side; readonly report: DamageReport };

/**
 * One recipe for many photographs of a collection, so that an album stays consistent: numbers that a step leaves out are
 * medians over the reports. Each original of each item gets a restoration and an audit entry of its own; one that cannot be
 * treated is answered with its reason. Backs have no say in the medians, and get no step that can invent.
 */
export class RestoreAlbum {
  constructor(private readonly bench: Workbench) {}

  /**
   * Errors: `collection.not-found`, `restoration.album-not-measured`, `restoration.level-above-collection`,
   * `restoration.mark-up-invalid` (what is drawn belongs to one picture), those of `requestedRecipe`, `request.invalid`
   * above 10,000 photographs.
   */
  async execute(actor: Actor, collectionId: string, body: AlbumBody): Promise<AlbumRequest> {
    const person = requirePermission(actor, 'restoration.request');
    const { manager } = this.bench.database.read;
    const collection = await manager.findOneBy(CollectionRecord, { id: collectionId });
    if (!collection) throw refuse('collection.not-found', { id: collectionId });
    requireLevelWithin(body.steps, collection.treatmentLevel);
    if (body.steps.some((step) => step.strokes?.length || step.hints?.length))
      throw refuse('restoration.mark-up-invalid', {
        detail: 'drawn marks and colours belong to one picture; ask for that picture by itself',
      });
    const leaves = await this.#leaves(collectionId, body.itemIds);
    const left: AlbumRequest['left'] = [];
    const leave = (itemId: string, originalId: string | null, code: ErrorCode): void => {
      left.push({ itemId, originalId, code, detail: sentence(code, {}, 'en') });
    };
    const known = new Set(leaves.map((leaf) => leaf.itemId));
    for (const itemId of body.itemIds ?? []) if (!known.has(itemId)) leave(itemId, null, 'item.not-found');
    const album: Measured[] = [];
    for (const leaf of leaves) {
      if (leaf.originalId === null || leaf.report === null)
        leave(leaf.itemId, leaf.originalId, 'restoration.not-analysed');
      else album.push(leaf as Measured);
    }
    const recipe = await this.#recipe(body, album, collection);
    requireRecipeWithin(recipe, collection.treatmentLevel);
    const requested: AlbumRequest['requested'] = [];
    const ofBacks: Recipe = { ...recipe, steps: recipe.steps.filter((step) => !factsOf(step.operation).canInvent) };
    for (let start = 0; start < album.length; start += itemsOfAChange) {
      const part = album.slice(start, start + itemsOfAChange);
      const backs = part.filter((leaf) => leaf.side === 'back');
      const made = new Map([
        ...(await this.#request(
          person,
          part.filter((leaf) => leaf.side !== 'back'),
          recipe,
        )),
        ...(ofBacks.steps.length === 0 ? [] : await this.#request(person, backs, ofBacks)),
      ]);
      for (const leaf of part) {
        const { itemId, originalId } = leaf;
        const restorationId = made.get(originalId);
        if (restorationId !== undefined) requested.push({ itemId, originalId, restorationId });
        else if (leaf.side === 'back' && ofBacks.steps.length === 0)
          leave(itemId, originalId, 'restoration.back-not-invented');
        else leave(itemId, originalId, 'restoration.already-exists');
      }
    }
    return {
      requested,
      left,
      steps: recipe.steps.map(({ operation, strength, parameters }) => ({
        operation,
        strength,
        parameters: { ...parameters },
      })),
      ...(recipe.steps.some((step) => step.operation === 'correct-tone')
        ? { spread: albumSpread(reportsOf(album)) }
        : {}),
    };
  }

  /** The one recipe: what a step says itself, else the medians of the album. */
  async #recipe(body: AlbumBody, album: readonly Measured[], { preset }: CollectionRecord): Promise<Recipe> {
    const reports = reportsOf(album);
    const [first] = reports;
    if (first === undefined) throw refuse('restoration.album-not-measured');
    const pins = await this.bench.engine.pins();
    const plain = requestedRecipe({ steps: body.steps, protect: [] }, { report: first, pins, preset });
    const common = albumParameters(reports, plain.steps, preset, pins);
    return requestedRecipe(
      {
        steps: body.steps.map((wanted) => ({
          ...wanted,
          parameters: {
            ...common.find((step) => step.operation === wanted.operation)?.parameters,
            ...wanted.parameters,
          },
        })),
        // What is protected is each picture's own.
        protect: [],
      },
      { report: first, pins, preset },
    );
  }

  /** One change for some of the album; answers restoration ids by original, without those that have this recipe already. */
  async #request(person: PersonActor, part: readonly Measured[], recipe: Recipe): Promise<Map<string, string>> {
    if (part.length === 0) return new Map();
    const { database } = this.bench;
    const ids = part.map((leaf) => leaf.originalId);
    const recipes = new Map(part.map(({ originalId, report }) => [originalId, guarded(recipe, report)]));
    const names = new Map([...recipes].map(([originalId, own]) => [originalId, recipeDigest(own)]));
    const where = { originalId: In(ids), recipeSha256: In([...new Set(names.values())]) };
    const own = (row: RestorationRecord): boolean => names.get(row.originalId) === row.recipeSha256;
    const there = await database.read.manager.find(RestorationRecord, {
      where,
      select: { id: true, originalId: true, recipeSha256: true },
    });
    if (there.filter(own).length === part.length) return new Map();
    return database.change(person, async (change) => {
      const meanwhile = new Set(
        (await change.manager.findBy(RestorationRecord, where)).filter(own).map((row) => row.originalId),
      );
      const originals = await change.manager.findBy(OriginalRecord, { id: In(ids) });
      const made = new Map<string, string>();
      for (const { originalId } of part) {
        const original = originals.find((row) => row.id === originalId);
        if (!original || meanwhile.has(originalId)) continue;
        const row = await insertRequest(this.bench, change, {
          original,
          recipe: recipes.get(originalId) ?? recipe,
          requestedBy: person.id,
          requestedWith: [],
          automatic: false,
        });
        made.set(originalId, row.id);
      }
      return made;
    });
  }

  /** The originals that are asked for, in the order of the collection; all without an open proposal where no item is named. */
  async #leaves(collectionId: string, itemIds: readonly string[] | undefined): Promise<Leaf[]> {
    const rows = (await this.bench.database.read.query(
      `select i.id as "itemId", o.id as "originalId", o.side, d.body as report
         from item i
         left join original o on o.item_id = i.id
         left join damage_report d on d.original_id = o.id
         cross join lateral (select exists (
           select 1 from restoration r where r.original_id = o.id and r.status in ('requested', 'running', 'proposed')) as found) open
        where i.collection_id = $1 and ($2::uuid[] is null or i.id = any ($2)) and ($2::uuid[] is not null or not open.found)
        order by i.ordinal, o.position, o.id limit ${mostItems + 1}`,
      [collectionId, itemIds ?? null],
    )) as Leaf[];
    if (rows.length > mostItems)
      throw refuse('request.invalid', {
        detail: `more than ${mostItems} photographs of this collection have no open proposal; name some of them`,
      });
    return rows;
  }
}

/** The reports that the album's numbers are taken from: paper and handwriting on a back are no photograph. */
function reportsOf(album: readonly Measured[]): DamageReport[] {
  const pictures = album.filter((leaf) => leaf.side !== 'back');
  return (pictures.length > 0 ? pictures : album).map((leaf) => leaf.report);
}
