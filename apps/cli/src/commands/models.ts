import { basename, join } from 'node:path';
import { treatmentLevels, treatmentLevelWords } from '@albumen/domain';
import type { AdapterName, BroughtInReport } from '@albumen/runtime';
import type { Call, Command } from '../command.js';
import { CommandFault, exitCodes, type ExitCode } from '../command-fault.js';
import { examinationWords } from '../models/examination-words.js';
import { acceptedBy, readAcceptances, recordFolder } from '../models/acceptance-record.js';
import { listedModels, ownModels } from '../models/installed-models.js';
import { isOfServer, moveModel } from '../models/move-model.js';
import { listenForInterruption } from '../treat/interruption.js';
import { table } from '../terminal.js';

/** Without --adapter these are tried in turn; `face-512` fits what is meant otherwise and must be named. */
const guessed: readonly AdapterName[] = ['inpaint', 'detector-yunet', 'lab-ab', 'image2image', 'upscale'];

const acts: Readonly<Record<string, (call: Call, word: string) => Promise<ExitCode>>> = {
  list,
  add,
  accept,
  remove,
};

/** `albumen models …`: what is installed, and models that an institution brings in. */
export const models: Command = {
  name: 'models',
  arguments: 'list | add FILE.onnx | accept ID | remove ID',
  says: 'Lists the installed models with their digests; examines a model file and keeps it in quarantine; accepts or removes one that was brought in, for a named person: in the audit log where the data folder has a server, in a signed record beside the models where it has none. Exit code 1 where a file is not the recorded one, a model has faults, or that record does not hold.',
  options: {
    licence: { type: 'string', value: 'ID', says: 'add, accept: licence of the model, such as Apache-2.0' },
    adapter: {
      type: 'string',
      value: 'NAME',
      says: 'add: image2image, upscale, inpaint, lab-ab, face-512 or detector-yunet; tried out unless told',
    },
    id: { type: 'string', value: 'ID', says: 'add: name of the model; that of the file unless told otherwise' },
    version: { type: 'string', value: 'TEXT', says: 'version of the model; 1.0.0 unless told otherwise' },
    level: { type: 'string', value: '0|1|2|3', says: 'accept: treatment level of what it does' },
    as: {
      type: 'string',
      value: 'NAME',
      says: 'accept, remove: who does it; an administrator’s account where there is a server, otherwise a name',
    },
    models: {
      type: 'string',
      value: 'DIR',
      says: 'folder of models brought in; models in the data folder unless told',
    },
    seconds: { type: 'string', value: 'N', says: 'add: time that examining may take; 600 unless told otherwise' },
  },
  example: 'albumen models add net.onnx --licence Apache-2.0 --adapter upscale',
  takes: [1, 2],
  async run(call) {
    const [name = '', word = ''] = call.words;
    const act = Object.hasOwn(acts, name) ? acts[name] : undefined;
    if (act === undefined) throw usage(`Expected ${Object.keys(acts).join(', ')} for models but received "${name}".`);
    if ((name === 'list') !== (word === ''))
      throw usage(`Expected ${name === 'list' ? 'nothing' : 'one more word'} after ${name} but received "${word}".`);
    return act(call, word);
  },
};

async function list(call: Call): Promise<ExitCode> {
  const { modelIntake, receipts } = await import('@albumen/runtime');
  const own = await ownModels(call.config.models);
  const shelf = folderOf(call);
  const brought = await modelIntake.all(shelf);
  const record = await readAcceptances(shelf, receipts);
  const byServer = isOfServer(call, shelf);
  const found = [
    ...own.map((model) => ({ ...model, by: null })),
    ...(await listedModels(brought)).map((model, at) => ({
      ...model,
      by: model.state !== 'accepted' || !brought[at] ? null : acceptedBy(record, brought[at].report),
    })),
  ];
  const rows = found.map((model) => [
    model.id,
    model.version,
    model.file,
    `${model.megabytes.toFixed(1)} MB`,
    model.sha256.slice(0, 16),
    model.state === 'removed' ? '-' : model.holds === null ? 'no digest recorded' : model.holds ? 'holds' : 'DIFFERS',
    model.state,
    model.state !== 'accepted' ? '-' : (model.by ?? (byServer ? 'see the audit log' : 'nobody recorded')),
  ]);
  const words = [
    found.length === 0
      ? 'No model is installed.'
      : table([['Model', 'Version', 'File', 'Size', 'sha256', 'Digest', 'State', 'Accepted by'], ...rows]),
    ...(record.fault === null
      ? []
      : [`The acceptance record in ${join(shelf, recordFolder)} DOES NOT HOLD: ${record.fault}.`]),
  ];
  call.terminal.result(found, words.join('\n'));
  const holds = record.fault === null && found.every((model) => model.holds !== false);
  return found.length > 0 && holds ? exitCodes.done : exitCodes.foundFault;
}

async function add(call: Call, file: string): Promise<ExitCode> {
  const { modelIntake } = await import('@albumen/runtime');
  const { terminal, text } = call;
  const licence = needed(call, 'licence', 'Apache-2.0');
  const named = text('adapter');
  if (named === 'mask') throw usage('No step uses masks yet, so a model that marks damage cannot be brought in.');
  const adapter = modelIntake.adapterNames.find((known) => known === named);
  if (named !== undefined && adapter === undefined)
    throw usage(`Expected one of ${modelIntake.adapterNames.join(', ')} for --adapter but received "${named}".`);
  const seconds = Number(text('seconds') ?? 600);
  if (!(seconds > 0)) throw usage(`Expected a number of seconds for --seconds but received "${text('seconds')}".`);
  const id = text('id') ?? idOf(file);
  const interruption = listenForInterruption(terminal.say);
  try {
    let last: { readonly kept: boolean; readonly report: BroughtInReport } | undefined;
    for (const candidate of adapter === undefined ? guessed : [adapter]) {
      last = await modelIntake.bringIn({
        file,
        into: folderOf(call),
        shipped: call.config.models,
        id,
        modelVersion: text('version') ?? '1.0.0',
        adapter: candidate,
        licence,
        limits: { seconds },
        signal: interruption.signal,
        onStage: (words) => terminal.say(`${candidate}: ${words}`),
      });
      // What speaks against the file itself speaks against it under every adapter.
      if (last.kept || last.report.examination.header.objections.length > 0) break;
    }
    if (last === undefined) throw new TypeError('Expected an adapter to try');
    const { kept, report } = last;
    const end = kept
      ? `${report.id} ${report.modelVersion} is in quarantine: it is not used until somebody accepts it with "albumen models accept ${report.id} --licence ${licence} --level N --as NAME".`
      : `${basename(file)} was not taken in.${adapter === undefined ? ` It was tried as ${guessed.join(', ')}. Models that draw faces anew must be named (--adapter face-512); no step uses masks yet.` : ''}`;
    terminal.result({ kept, report }, [...examinationWords(report), end].join('\n'));
    return kept ? exitCodes.done : exitCodes.foundFault;
  } catch (error) {
    if (interruption.signal.aborted) return exitCodes.interrupted;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw usage(`Expected a model file at ${file}, but there is no such file.`);
    throw error;
  } finally {
    interruption.end();
  }
}

async function accept(call: Call, id: string): Promise<ExitCode> {
  const licence = needed(call, 'licence', 'Apache-2.0');
  const named = needed(call, 'level', '1');
  const level = treatmentLevels.find((known) => String(known) === named);
  if (level === undefined) throw usage(`Expected 0, 1, 2 or 3 for --level but received "${named}".`);
  const by = personOf(call);
  const move = { shelf: folderOf(call), id, version: call.text('version'), by, terms: { licence, level } };
  const { words, ...moved } = await moveModel(call, move);
  call.terminal.result(
    moved,
    `${id} ${moved.version} is accepted under ${licence} for treatment level ${level} (${treatmentLevelWords[level].en}). ${words}`,
  );
  return exitCodes.done;
}

async function remove(call: Call, id: string): Promise<ExitCode> {
  const by = personOf(call);
  const move = { shelf: folderOf(call), id, version: call.text('version'), by, terms: null };
  const { words, ...moved } = await moveModel(call, move);
  call.terminal.result(
    moved,
    `${id} ${moved.version} is removed; its report stays, so that receipts that name it can still be read. ${words}`,
  );
  return exitCodes.done;
}

/** Who accepts or removes: nobody does so without a name. */
function personOf(call: Call): string {
  const by = needed(call, 'as', 'administrator').trim();
  if (by === '' || by.length > 200) throw usage('Expected a name of 1 to 200 letters for --as.');
  return by;
}

function folderOf({ config, text }: Call): string {
  return text('models') ?? config.ownModels;
}

function idOf(file: string): string {
  return basename(file)
    .replace(/\.onnx$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9.+-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
}

function needed({ text }: Call, option: string, example: string): string {
  const value = text(option);
  if (value === undefined) throw usage(`Expected --${option}, such as --${option} ${example}.`);
  return value;
}

function usage(sentence: string): CommandFault {
  return new CommandFault(exitCodes.usage, `${sentence} See: albumen models --help`);
}
