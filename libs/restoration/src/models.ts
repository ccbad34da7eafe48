import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelKey, refuse, type ModelPin } from '@albumen/domain';
import { broughtInFacts, type BroughtInFacts } from './brought-in-models/facts.js';
import { markRuleFrom, type MarkRule } from './mark-rule.js';

/**
 * Numbers that a model file takes for a picture: uint8 0..255 or float32 0..1. A sample becomes a float by division by its
 * full scale, and a float from 0..1 becomes the nearest sample, halves upward, after what lies outside is cut off.
 */
export type ModelElement = 'u8' | 'f32';

/** The one file of a model. */
export interface ModelFile {
  readonly name: string;
  readonly sha256: string;
  readonly element: ModelElement;
}

/** The file that is run, and those it stands for. */
export interface ModelFiles {
  readonly file: ModelFile;
  /** Digests of files with the same weights that are run no longer: recipes and receipts of before name them. */
  readonly formerly: readonly string[];
}

/** What `model.json` says, as far as the engine needs it. */
export interface InstalledModel extends ModelFiles {
  readonly id: string;
  readonly version: string;
  readonly folder: string;
  readonly input: string;
  readonly output: string;
  /** Name of the input that takes the mask (uint8, 1 = hole) of a net that fills; null for the others. */
  readonly mask: string | null;
  /** Widest hole in pixels that a net that fills was made for; 0 for the others. */
  readonly widest: number;
  /** Times the output is wider than the input: 1 unless the net enlarges. */
  readonly scale: number;
  readonly classes: readonly string[];
  readonly thresholds: Readonly<Record<string, number>>;
  /** Classes that the net was trained on and does not find well enough: they count as not measured. */
  readonly unreliable: readonly string[];
  /** How what a damage net says becomes marks; absent for the others. */
  readonly marks?: MarkRule;
  readonly tile: {
    readonly size: number;
    readonly margin: number;
    readonly multiple: number;
    /** Least margin from which on tiles were measured to be what the whole picture is, to a tenth of a level of 255. */
    readonly exact?: number;
  };
  /** What an institution's own model needs beyond this; absent for those that came with Albumen. */
  readonly broughtIn?: BroughtInFacts;
}

/** Margin of a model whose description declares none: the largest that any net of this family was measured to need. */
const undeclaredMargin = 64;

/** Widest hole of a net that fills and declares none. */
const widestHole = 24;

/**
 * Newest installed version of every model under `modelsDir/<id>/<version>/model.json`, by id; folders without one are no
 * models. With `broughtInDir` also every accepted version of the models that lie there, by `modelKey`.
 */
export async function installedModels(
  modelsDir: string,
  broughtInDir?: string,
): Promise<ReadonlyMap<string, InstalledModel>> {
  const found = new Map<string, InstalledModel>();
  for await (const model of describedModels(modelsDir)) found.set(model.id, model);
  if (broughtInDir === undefined) return found;
  for await (const model of describedModels(broughtInDir))
    if (model.broughtIn !== undefined) found.set(modelKey(model), model);
  return found;
}

/** Every version of every model below a folder, the versions of one in order. */
async function* describedModels(folder: string): AsyncGenerator<InstalledModel> {
  for (const id of await foldersIn(folder)) {
    const versions = (await foldersIn(join(folder, id))).sort(byVersion);
    for (const version of versions) {
      const model = await readModel(join(folder, id, version), id, version);
      if (model !== null) yield model;
    }
  }
}

/** The pin that stands for a model in recipes: the digest of its file. */
export function pinOf(model: InstalledModel): ModelPin {
  const { id, version, broughtIn, scale } = model;
  const { sha256 } = model.file;
  if (broughtIn === undefined) return { id, version, sha256 };
  const { adapter, licence, level, scalar } = broughtIn;
  return {
    id,
    version,
    sha256,
    adapter,
    licence,
    level,
    ...(scale === 1 ? {} : { scale }),
    ...(scalar === null ? {} : { takes: [scalar.parameter] }),
  };
}

/**
 * The installed model a recipe pins, by the digest of its file or of a former one with the same weights. Refuses
 * `model.missing` or, where another file is installed, `model.digest-differs`.
 */
export function pinnedModel(models: ReadonlyMap<string, InstalledModel>, pin: ModelPin): InstalledModel {
  const model = pin.adapter === undefined ? models.get(pin.id) : models.get(modelKey(pin));
  if (model === undefined) throw refuse('model.missing', { model: pin.adapter === undefined ? pin.id : modelKey(pin) });
  if (model.file.sha256 !== pin.sha256 && !model.formerly.includes(pin.sha256))
    throw refuse('model.digest-differs', { model: pin.id });
  return model;
}

/** A threshold above 0 and below 1 that the model's description names. Refuses `model.missing` where it has none. */
export function thresholdOf(model: InstalledModel, name: string): number {
  const threshold = model.thresholds[name];
  if (threshold === undefined || !(threshold > 0 && threshold < 1))
    throw refuse('model.missing', {
      model: `${model.id} ${model.version}: its description has no threshold "${name}"`,
    });
  return threshold;
}

/** Bytes of the model's file, refused with `model.digest-differs` unless they have the digest its description names. */
export async function modelBytes(model: InstalledModel): Promise<Uint8Array> {
  const { name, sha256 } = model.file;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(model.folder, name));
  } catch (error) {
    throw refuse('model.missing', { model: `${model.id} (${name})` }, { cause: error });
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw refuse('model.digest-differs', { model: model.id });
  return bytes;
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function readModel(folder: string, id: string, version: string): Promise<InstalledModel | null> {
  let text: string;
  try {
    text = await readFile(join(folder, 'model.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return modelFrom(JSON.parse(text) as Record<string, unknown>, folder, id, version);
  } catch (error) {
    throw refuse('model.missing', { model: `${id} ${version}: its description cannot be read` }, { cause: error });
  }
}

function modelFrom(facts: Record<string, unknown>, folder: string, id: string, version: string): InstalledModel {
  if (facts['id'] !== id || facts['version'] !== version)
    throw new TypeError(
      `Expected ${id} ${version} in model.json but received ${String(facts['id'])} ${String(facts['version'])}`,
    );
  const tile = record(facts['tile']);
  const thresholds = Object.fromEntries(
    Object.entries(record(facts['thresholds'] ?? {})).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );
  const broughtIn = broughtInFacts(facts);
  return {
    id,
    version,
    folder,
    ...filesOf(facts),
    input: text(record(facts['input'])['name']),
    output: text(record(facts['output'])['name']),
    mask: facts['mask'] === undefined ? null : text(record(facts['mask'])['name']),
    widest: facts['mask'] === undefined ? 0 : number(record(facts['mask'])['widest'], widestHole),
    scale: scaleOf(facts['scale']),
    classes: Array.isArray(facts['classes']) ? facts['classes'].map(text) : [],
    thresholds,
    unreliable: Array.isArray(facts['unreliable']) ? facts['unreliable'].map(text) : [],
    ...(facts['marks'] === undefined ? {} : { marks: markRuleFrom(facts['marks']) }),
    tile: {
      size: number(tile['size'], 512),
      margin: number(tile['margin'], undeclaredMargin),
      multiple: number(tile['multiple'], 16),
      ...exactMargin(tile['largestDifference']),
    },
    ...(broughtIn === null ? {} : { broughtIn }),
  };
}

/**
 * The files in what a `model.json` says: the float file where a version of before has the same weights in an 8-bit file too.
 * Throws where it names none.
 */
export function filesOf(facts: Record<string, unknown>): ModelFiles {
  const files = record(facts['files']);
  const [file, ...others] = (['f32', 'u8'] as const).flatMap((element): ModelFile[] => {
    if (files[element] === undefined) return [];
    const { file, sha256 } = record(files[element]);
    if (typeof file !== 'string' || file.includes('/') || typeof sha256 !== 'string')
      throw new TypeError(`Expected file and sha256 for ${element} in model.json`);
    return [{ name: file, sha256, element }];
  });
  if (file === undefined) throw new TypeError('Expected a file in model.json but received none');
  const former = Array.isArray(facts['formerly']) ? facts['formerly'].map(text) : [];
  return { file, formerly: [...former, ...others.map(({ sha256 }) => sha256)] };
}

/** From measured largest differences (levels of 255) by margin; nothing where none was small enough. */
function exactMargin(measured: unknown): { readonly exact?: number } {
  const rows = Object.entries(record(measured ?? {}))
    .map(([margin, levels]) => [Number(margin), number(levels, 0)] as const)
    .sort(([a], [b]) => b - a);
  let exact: number | undefined;
  for (const [margin, levels] of rows) {
    if (levels > 0.1) break;
    exact = margin;
  }
  return exact === undefined ? {} : { exact };
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`Expected an object in model.json but received ${JSON.stringify(value)}`);
  return value as Record<string, unknown>;
}

function text(value: unknown): string {
  if (typeof value !== 'string')
    throw new TypeError(`Expected text in model.json but received ${JSON.stringify(value)}`);
  return value;
}

function number(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number' || !(value >= 0))
    throw new TypeError(`Expected a number in model.json but received ${JSON.stringify(value)}`);
  return value;
}

function scaleOf(value: unknown): number {
  const scale = number(value, 1);
  if (![1, 2, 3, 4, 8].includes(scale))
    throw new TypeError(`Expected a scale of 1, 2, 3, 4 or 8 in model.json but received ${scale}`);
  return scale;
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
