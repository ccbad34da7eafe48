import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { factsOf, modelAdapters, modelKey, operationNames, refuse, type TreatmentLevel } from '@albumen/domain';
import { retiredAdapter } from '../brought-in-models/facts.js';
import { installedModels } from '../models.js';
import { adapters, type AdapterName, type Signature } from './adapters.js';
import type { Examination } from './examination.js';
import { examineModel, type ExaminationLimits } from './examine-model.js';

/** Where a model that was brought in stands; only an accepted one has a `model.json` and is loaded. */
export type BroughtInState = 'quarantined' | 'accepted' | 'removed';

/** `report.json` of a model that was brought in. */
export interface BroughtInReport {
  readonly type: 'albumen-model-report';
  readonly version: 1;
  readonly state: BroughtInState;
  readonly id: string;
  readonly modelVersion: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly adapter: AdapterName;
  readonly licence: string;
  readonly broughtInAt: string;
  readonly examination: Examination;
  readonly accepted?: { readonly level: TreatmentLevel; readonly at: string };
  readonly removedAt?: string;
}

/** What is asked of `bringIn`. */
export interface BringIn {
  readonly file: string;
  /** Folder of the models that were brought in; made where it is missing. */
  readonly into: string;
  /** Folder of the models that came with Albumen: their ids cannot be taken. */
  readonly shipped: string;
  readonly id: string;
  readonly modelVersion: string;
  readonly adapter: AdapterName;
  readonly licence: string;
  readonly limits?: Partial<ExaminationLimits>;
  readonly signal?: AbortSignal;
  readonly onStage?: (words: string) => void;
}

/** Ids, versions and licences become names of folders or stand in records: letters, digits, dot, dash, plus. */
export const plainName = /^[A-Za-z0-9][A-Za-z0-9.+-]{0,63}$/;
/** Ids that the operations name: they stand for Albumen's own models, installed or not. */
const ownIds = new Set(
  operationNames.map(factsOf).flatMap(({ models, optionalModels }) => [...models, ...(optionalModels ?? [])]),
);
const largestFile = 2_000_000_000;
const reportName = 'report.json';

/**
 * Copies a model file into a hidden folder, examines the copy in a process of its own and, where nothing speaks against
 * it, keeps it as quarantined: it is there with its report and is not loaded until it is accepted. Answers the report,
 * `kept` false where faults were found; then nothing of it stays. Refuses `model.file-refused`.
 */
export async function bringIn(asked: BringIn): Promise<{ readonly kept: boolean; readonly report: BroughtInReport }> {
  for (const [what, value] of [
    ['an id', asked.id],
    ['a version', asked.modelVersion],
    ['a licence', asked.licence],
  ] as const)
    if (!plainName.test(value))
      throw refused(`expected ${what} of letters, digits, dots and dashes but received "${value}"`);
  if (ownIds.has(asked.id) || (await installedModels(asked.shipped)).has(asked.id))
    throw refused(`${asked.id} is one of Albumen's own models, which are never written over; choose another --id`);
  const { size } = await stat(asked.file);
  if (size === 0 || size > largestFile)
    throw refused(`expected 1 to ${largestFile} bytes but received a file of ${size}`);
  const target = join(asked.into, asked.id, asked.modelVersion);
  if (await isThere(target))
    throw refused(`${asked.id} ${asked.modelVersion} was brought in before; give another --version`);
  const hidden = join(asked.into, `.quarantine-${randomBytes(6).toString('hex')}`);
  await mkdir(hidden, { recursive: true });
  try {
    const file = `${asked.id}.onnx`;
    await copyFile(asked.file, join(hidden, file));
    const sha256 = await digestOf(join(hidden, file));
    const examination = await examineModel(join(hidden, file), asked.adapter, {
      ...asked.limits,
      ...(asked.onStage === undefined ? {} : { onStage: asked.onStage }),
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
    });
    const report: BroughtInReport = {
      type: 'albumen-model-report',
      version: 1,
      state: 'quarantined',
      id: asked.id,
      modelVersion: asked.modelVersion,
      file,
      sha256,
      bytes: size,
      adapter: asked.adapter,
      licence: asked.licence,
      broughtInAt: new Date().toISOString(),
      examination,
    };
    if (examination.faults.length > 0) return { kept: false, report };
    await writeJson(join(hidden, reportName), report);
    await mkdir(join(asked.into, asked.id), { recursive: true });
    await rename(hidden, target);
    return { kept: true, report };
  } finally {
    await rm(hidden, { recursive: true, force: true });
  }
}

/** Every model that was brought in, with its folder, by id and version. */
export async function broughtIn(
  into: string,
): Promise<readonly { readonly folder: string; readonly report: BroughtInReport }[]> {
  const found: { folder: string; report: BroughtInReport }[] = [];
  for (const id of await foldersIn(into))
    for (const version of await foldersIn(join(into, id))) {
      const folder = join(into, id, version);
      const report = await readReport(folder);
      if (report !== null) found.push({ folder, report });
    }
  return found;
}

/** A model that was moved into another state, with what it was before. */
export interface MovedModel {
  readonly folder: string;
  readonly before: BroughtInReport;
  readonly report: BroughtInReport;
}

/**
 * Accepts a quarantined model: its bytes are compared with the report once more, then its `model.json` is written, and it
 * is loaded from now on. The licence must be the one under which it was brought in, the level not below the adapter's.
 * Refuses `model.not-found`, `model.not-quarantined`, `model.licence-differs`, `model.level-too-low`,
 * `model.digest-differs`, `model.file-refused`.
 */
export async function acceptModel(
  into: string,
  id: string,
  terms: { readonly licence: string; readonly level: TreatmentLevel; readonly modelVersion?: string },
): Promise<MovedModel> {
  const { folder, report } = await findBroughtIn(into, id, terms.modelVersion, ['quarantined']);
  if (report.licence !== terms.licence)
    throw refuse('model.licence-differs', { model: id, broughtIn: report.licence, licence: terms.licence });
  const { leastLevel } = modelAdapters[report.adapter];
  if (terms.level < leastLevel)
    throw refuse('model.level-too-low', { adapter: report.adapter, least: leastLevel, level: terms.level });
  if ((await digestOf(join(folder, report.file))) !== report.sha256)
    throw refuse('model.digest-differs', { model: id });
  const accepted: BroughtInReport = {
    ...report,
    state: 'accepted',
    accepted: { level: terms.level, at: new Date().toISOString() },
  };
  await writeState(folder, accepted);
  return { folder, before: report, report: accepted };
}

/**
 * Removes a model that was brought in: it is loaded no more, and its report stays as removed, so that old receipts still
 * tell what they name. Its bytes go with `dropBytes`. Refuses `model.not-found`; models that came with Albumen are not
 * among these.
 */
export async function removeModel(into: string, id: string, modelVersion?: string): Promise<MovedModel> {
  const { folder, report } = await findBroughtIn(into, id, modelVersion, ['quarantined', 'accepted']);
  const removed: BroughtInReport = { ...report, state: 'removed', removedAt: new Date().toISOString() };
  await writeState(folder, removed);
  return { folder, before: report, report: removed };
}

/** Deletes the bytes of a removed model. */
export async function dropBytes({ folder, report }: MovedModel): Promise<void> {
  await rm(join(folder, report.file), { force: true });
}

/** Brings a model back to the state before. */
export async function moveBack({ folder, before }: MovedModel): Promise<void> {
  await writeState(folder, before);
}

/** Writes a report and, for an accepted model, the description by which it is loaded. */
async function writeState(folder: string, report: BroughtInReport): Promise<void> {
  const description = join(folder, 'model.json');
  if (report.accepted !== undefined && report.state === 'accepted')
    await writeJson(description, descriptionOf(report, report.accepted.level));
  else await rm(description, { force: true });
  await writeJson(join(folder, reportName), report);
}

/**
 * The one model of that name in one of these states. Refuses `model.not-found`, `model.not-quarantined`, and
 * `model.file-refused` where several versions fit and none is named.
 */
export async function findBroughtIn(
  into: string,
  id: string,
  modelVersion: string | undefined,
  states: readonly BroughtInState[],
): Promise<{ readonly folder: string; readonly report: BroughtInReport }> {
  const all = (await broughtIn(into)).filter(
    ({ report }) => report.id === id && (modelVersion === undefined || report.modelVersion === modelVersion),
  );
  const fitting = all.filter(({ report }) => states.includes(report.state));
  const [first, second] = fitting;
  if (second !== undefined) throw refused(`there are several versions of ${id}; name one with --version`);
  if (first !== undefined) return first;
  const [other] = all;
  const named = modelVersion === undefined ? id : modelKey({ id, version: modelVersion });
  if (other === undefined || !states.includes('quarantined') || states.length > 1)
    throw refuse('model.not-found', { model: named });
  throw refuse('model.not-quarantined', { model: named, state: other.report.state });
}

/** What the engine reads of a model, and where it came from. */
function descriptionOf(report: BroughtInReport, level: TreatmentLevel): Record<string, unknown> {
  const { signature, probes, header } = report.examination;
  if (signature === null || probes === null) throw refused('it was never run');
  const { image, mask, output, scalar } = signature;
  const multiple = probes.multiple ?? 1;
  const side = Math.ceil((probes.fixedSize?.width ?? Math.max(512, multiple)) / multiple) * multiple;
  const whole = probes.margin === null;
  // A net that fills sees a window about each hole: with the whole window in view a quarter on each side is its margin.
  const margin = whole ? (report.adapter === 'inpaint' ? Math.floor(side / 4) : 0) : withReserve(probes.margin);
  return {
    id: report.id,
    version: report.modelVersion,
    task: report.adapter,
    adapter: report.adapter,
    treatmentLevel: level,
    scale: probes.scale,
    files: { [image.element === 'uint8' ? 'u8' : 'f32']: { file: report.file, sha256: report.sha256 } },
    input: { ...tensorOf(image), range: probes.range },
    ...(mask === null ? {} : { mask: { ...tensorOf(mask), hole: probes.hole, widest: Math.floor(side / 2) } }),
    ...(scalar ? { scalar: { ...scalar, parameter: adapters[report.adapter].scalar?.parameter } } : {}),
    output: { ...tensorOf(output), channels: probes.outputChannels, range: probes.outputRange },
    tile: {
      size: side,
      multiple,
      margin,
      ...(whole ? { whole } : {}),
      ...(probes.fixedSize === null ? {} : { fixed: probes.fixedSize }),
    },
    opset: header.opset,
    licence: { id: report.licence },
    origin: { broughtIn: report.broughtInAt, producer: header.producer, accepted: report.accepted?.at },
  };
}

function tensorOf({ name, element, layout, channels }: Signature['output']): Readonly<Record<string, unknown>> {
  return { name, element, layout, channels };
}

/**
 * A net reaches a little further on some pictures than on the one it was tried on (restore-s: 72 pixels on it, 88 over many),
 * so a quarter is added, in steps of 8.
 */
function withReserve(margin: number): number {
  return Math.ceil((margin * 1.25) / 8) * 8;
}

async function readReport(folder: string): Promise<BroughtInReport | null> {
  try {
    const report = JSON.parse(await readFile(join(folder, reportName), 'utf8')) as BroughtInReport;
    const isOne = report.type === 'albumen-model-report' && report.file === basename(report.file);
    return isOne && String(report.adapter) !== retiredAdapter ? report : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw refuse('model.missing', { model: `${folder}: its report cannot be read` }, { cause: error });
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Written whole or not at all: a reader never sees a part. */
async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`);
  await rename(`${path}.new`, path);
}

function refused(detail: string): Error {
  return refuse('model.file-refused', { detail });
}
