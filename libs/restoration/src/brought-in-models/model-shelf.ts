import { stat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  factsOf,
  modelAdapters,
  modelKey,
  operationNames,
  refuse,
  treatmentLevels,
  type ModelFigure,
  type ModelMoved,
  type ModelName,
  type ModelOnShelf,
  type ModelShelf,
  type ModelTerms,
} from '@albumen/domain';
import { failurePicture, failuresOf } from './failure-pictures.js';
import { installedModels, pinOf, type InstalledModel } from '../models.js';
import { adapters } from '../models-add/adapters.js';
import {
  acceptModel,
  broughtIn,
  dropBytes,
  moveBack,
  removeModel,
  type BroughtInReport,
  type MovedModel,
} from '../models-add/brought-in.js';

/** The shelf over the folder of Albumen's own models and, where there is one, that of the models brought in. */
export function openModelShelf(modelsDir: string, broughtInDir: string | undefined): ModelShelf {
  const folderFor = async (name: ModelName): Promise<string> => {
    if ((await installedModels(modelsDir)).get(name.id)?.version === name.version)
      throw refuse('model.shipped', { model: name.id });
    if (broughtInDir === undefined) throw refuse('model.not-found', { model: modelKey(name) });
    return broughtInDir;
  };
  return {
    async list() {
      const own = [...(await installedModels(modelsDir)).values()].filter(
        ({ broughtIn: facts }) => facts === undefined,
      );
      const brought = broughtInDir === undefined ? [] : await broughtIn(broughtInDir);
      return [...(await Promise.all(own.map(shippedModel))), ...brought.map(({ report }) => broughtInModel(report))];
    },
    async failurePicture(name: ModelName, file: string) {
      const model = (await installedModels(modelsDir)).get(name.id);
      if (model?.version !== name.version || model.broughtIn !== undefined)
        throw refuse('model.not-found', { model: modelKey(name) });
      return failurePicture(model, file);
    },
    async accept(name: ModelName, terms: ModelTerms) {
      return moved(await acceptModel(await folderFor(name), name.id, { ...terms, modelVersion: name.version }), false);
    },
    async remove(name: ModelName) {
      return moved(await removeModel(await folderFor(name), name.id, name.version), true);
    },
  };
}

function moved(model: MovedModel, dropsBytes: boolean): ModelMoved {
  return {
    model: broughtInModel(model.report),
    undo: () => moveBack(model),
    settle: () => (dropsBytes ? dropBytes(model) : Promise.resolve()),
  };
}

/** One of Albumen's own models, by its `model.json`. What is missing there is left empty; nothing is guessed. */
async function shippedModel(model: InstalledModel): Promise<ModelOnShelf> {
  const facts = JSON.parse(await readFile(join(model.folder, 'model.json'), 'utf8')) as Record<string, unknown>;
  const { size } = await stat(join(model.folder, model.file.name));
  const licence = (facts['licence'] ?? {}) as Record<string, unknown>;
  return {
    id: model.id,
    version: model.version,
    state: 'shipped',
    task: String(facts['task'] ?? ''),
    adapter: null,
    level: treatmentLevels.find((level) => level === facts['treatmentLevel']) ?? null,
    canInvent: facts['canInvent'] === true,
    takes: [],
    licence: {
      id: String(licence['id'] ?? ''),
      commercial: truthOf(licence['commercial']),
      redistribution: truthOf(licence['redistribution']),
    },
    sha256: pinOf(model).sha256,
    bytes: size,
    figures: Array.isArray(facts['evaluation']) ? facts['evaluation'].flatMap(figureOf) : [],
    unreliable: model.unreliable,
    failures: await failuresOf(model),
    examined: null,
    broughtInAt: null,
    acceptedAt: null,
    removedAt: null,
  };
}

function figureOf(row: unknown): readonly ModelFigure[] {
  const { task, set, metric, value, baseline, ship, aim, held } = row as Record<string, unknown>;
  if (typeof task !== 'string' || typeof value !== 'number') return [];
  return [
    {
      task,
      value,
      set: String(set ?? ''),
      metric: String(metric ?? ''),
      baseline: typeof baseline === 'string' ? baseline : '',
      ship: typeof ship === 'number' ? ship : null,
      aim: typeof aim === 'number' ? aim : null,
      held: truthOf(held),
    },
  ];
}

function truthOf(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function broughtInModel(report: BroughtInReport): ModelOnShelf {
  const { probes, peakMegabytes, signature } = report.examination;
  const number = signature?.scalar ? adapters[report.adapter].scalar : null;
  const level = report.state === 'accepted' ? (report.accepted?.level ?? null) : null;
  return {
    id: report.id,
    version: report.modelVersion,
    state: report.state,
    task: report.adapter,
    adapter: report.adapter,
    level,
    canInvent: (level ?? modelAdapters[report.adapter].leastLevel) > 1 || inventingAdapters.has(report.adapter),
    takes: number === null ? [] : [number.parameter],
    licence: { id: report.licence, commercial: null, redistribution: null },
    sha256: report.sha256,
    bytes: report.bytes,
    figures: [],
    unreliable: [],
    failures: null,
    examined:
      probes === null
        ? null
        : {
            scale: probes.scale,
            multiple: probes.multiple,
            fixedSize: probes.fixedSize,
            margin: probes.margin,
            secondsPerMegapixel: probes.secondsPerMegapixel,
            peakMegabytes,
            range: probes.range,
            hole: probes.hole,
            warnings: report.examination.warnings,
          },
    broughtInAt: report.broughtInAt,
    acceptedAt: report.accepted?.at ?? null,
    removedAt: report.removedAt ?? null,
  };
}

/** Adapters that only serve steps that can invent. */
const inventingAdapters: ReadonlySet<string> = new Set(
  Object.keys(modelAdapters).filter((adapter) => {
    const uses = operationNames.map(factsOf).filter(({ broughtIn: use }) => use?.adapter === adapter);
    return uses.length > 0 && uses.every(({ canInvent, broughtIn: use }) => canInvent || use?.canInvent === true);
  }),
);
