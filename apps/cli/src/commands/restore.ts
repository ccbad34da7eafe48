import { availableParallelism } from 'node:os';
import { basename, join, relative } from 'node:path';
import { presetNames, Refusal, type PresetName } from '@albumen/domain';
import type { Execution, ReceiptKey } from '@albumen/runtime';
import type { Call, Command } from '../command.js';
import { CommandFault, exitCodes } from '../command-fault.js';
import { findPictures, type PictureAsked } from '../treat/find-pictures.js';
import { listenForInterruption } from '../treat/interruption.js';
import { percent } from '../treat/plain-words.js';
import { restorePicture, type RestoredPicture, type RestoreTools } from '../treat/restore-picture.js';
import { readSteps, requireModelsWithin, requireWithin, type TreatmentAsked } from '../treat/steps-asked.js';
import { durationWords } from '../treat/time-words.js';
import type { Terminal } from '../terminal.js';

/** What became of one file that was asked for. */
type FileOutcome =
  | ({ readonly ok: true } & RestoredPicture)
  | {
      readonly ok: false;
      readonly file: string;
      readonly outcome: 'refused';
      readonly code: string;
      readonly why: string;
    }
  | { readonly ok: true; readonly file: string; readonly outcome: 'no-picture'; readonly why: string };

const mostJobs = 16;

/** `albumen restore FILE…`: measures pictures and restores them where that is called for, without a server. */
export const restore: Command = {
  name: 'restore',
  arguments: 'FILE…',
  says: 'Measures pictures and proposes restorations of them, without a server. Each result lies in a folder NAME.albumen beside its original, which is never changed; folders and patterns are taken, too.',
  options: {
    preset: { type: 'string', value: presetNames.join('|'), says: 'how far it may go; repair unless told otherwise' },
    steps: {
      type: 'string',
      value: 'STEP[:STRENGTH],…',
      says: 'these steps instead of the measured ones, such as reduce-noise:0.7,correct-tone',
    },
    scale: { type: 'string', value: '2|4', says: 'enlarge the result that many times' },
    out: { type: 'string', value: 'FOLDER', says: 'put the results there instead of beside the originals' },
    force: { type: 'boolean', says: 'run the steps of the preset also where no treatment is needed' },
    jobs: { type: 'string', value: 'N', says: 'pictures at a time; 1 unless told otherwise' },
    key: { type: 'string', value: 'FILE', says: 'key that signs the receipts; one of your own unless told otherwise' },
    provider: {
      type: 'string',
      value: 'cpu|cuda|webgpu',
      says: 'what the nets are run by; the processor (cpu) unless told otherwise, the only one that gives the same bytes again',
    },
    'or-cpu': { type: 'boolean', says: 'use the processor where that provider cannot start; the receipt says so' },
    models: { type: 'string', value: 'DIR', says: 'folder of the models' },
  },
  example: 'albumen restore scan.tif --preset repair --steps reduce-noise:0.7,correct-tone',
  takes: [1, Number.POSITIVE_INFINITY],
  async run(call) {
    const asked = readAsked(call);
    const jobs = readJobs(call.text('jobs'));
    const { pictures, missing } = await findPictures(call.words);
    const outcomes: FileOutcome[] = missing.map(({ word, why }) => ({
      ok: false,
      file: word,
      outcome: 'refused',
      code: 'file.missing',
      why,
    }));
    for (const { file, ...rest } of outcomes) if (!rest.ok) call.terminal.say(`${file}: ${rest.why}.`);
    const interruption = listenForInterruption(call.terminal.say);
    try {
      if (pictures.length > 0) outcomes.push(...(await restoreAll(call, pictures, asked, jobs, interruption.signal)));
    } finally {
      interruption.end();
    }
    tell(outcomes, call.terminal);
    if (interruption.signal.aborted) return exitCodes.interrupted;
    return outcomes.every(({ ok }) => ok) ? exitCodes.done : exitCodes.foundFault;
  },
};

function readAsked({ text, flag }: Call): TreatmentAsked {
  const named = text('preset');
  const preset = named === undefined ? 'repair' : presetNames.find((known) => known === named);
  if (preset === undefined)
    throw usage(`Expected one of ${presetNames.join(', ')} for --preset but received "${named}".`);
  const scale = text('scale');
  if (scale !== undefined && scale !== '2' && scale !== '4')
    throw usage(`Expected 2 or 4 for --scale but received "${scale}".`);
  const written = text('steps');
  const steps = written === undefined ? null : readSteps(written);
  if (named !== undefined) {
    const operations = (steps ?? []).map(({ operation }) => operation);
    requireWithin(preset, scale === undefined ? operations : [...operations, 'enlarge']);
  }
  const force = flag('force');
  if (force && steps === null && !forces(preset))
    throw usage(`The preset ${preset} runs no steps. Name them with --steps, or name another preset.`);
  return {
    preset,
    presetNamed: named !== undefined,
    steps,
    scale: scale === undefined ? null : scale === '2' ? 2 : 4,
    force,
  };
}

function forces(preset: PresetName): boolean {
  return preset !== 'faithful';
}

function readJobs(text: string | undefined): number {
  const jobs = text === undefined ? 1 : Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= mostJobs) return jobs;
  throw usage(`Expected a whole number from 1 to ${mostJobs} for --jobs but received "${text}".`);
}

/** What the nets are run by, from the options. */
function executionAsked({ text, flag }: Call, known: readonly Execution['provider'][]): Execution {
  const named = text('provider') ?? 'cpu';
  const provider = known.find((name) => name === named);
  if (provider === undefined)
    throw usage(`Expected one of ${known.join(', ')} for --provider but received "${named}".`);
  return { provider, fallsBack: flag('or-cpu') };
}

async function restoreAll(
  call: Call,
  pictures: readonly PictureAsked[],
  asked: TreatmentAsked,
  jobs: number,
  signal: AbortSignal,
): Promise<FileOutcome[]> {
  const { config, terminal, text } = call;
  const { openTreatmentRoom, executionProviders, fileDigest, recipeDigest, softwareOf } =
    await import('@albumen/runtime');
  const execution = executionAsked(call, executionProviders);
  const key = await receiptKey(call);
  const modelsDir = text('models') ?? config.models;
  const workers = Math.min(jobs, pictures.length);
  const threads = workers === 1 ? undefined : Math.max(1, Math.floor(availableParallelism() / workers));
  const rooms = Array.from({ length: workers }, () =>
    openTreatmentRoom({
      modelsDir,
      broughtInDir: config.ownModels,
      execution,
      ...(threads === undefined ? {} : { threads }),
    }),
  );
  try {
    const [first] = rooms;
    const pins = (await first?.engine.pins()) ?? {};
    if (asked.presetNamed) requireModelsWithin(asked.preset, asked.steps ?? [], pins);
    if (pins['damage-s'] === undefined)
      throw new CommandFault(
        exitCodes.cannotStart,
        `There is no model damage-s in ${modelsDir}, and without it nothing can be measured. Name the folder of the models with --models.`,
      );
    const outcomes = new Map<number, FileOutcome>();
    const progress = new OverallProgress(pictures, terminal);
    let next = 0;
    const work = async (room: RestoreTools['room']): Promise<void> => {
      for (let at = next++; at < pictures.length && !signal.aborted; at = next++) {
        const picture = pictures[at] as PictureAsked;
        const outcome = await treat(picture, {
          room,
          asked,
          out: text('out'),
          key,
          software: softwareOf('cli'),
          digests: { file: fileDigest, recipe: recipeDigest },
          signal,
          onProgress: (share, doing) => progress.tell(at, share, doing),
        });
        if (outcome === null) return;
        progress.tell(at, 1, 'done');
        outcomes.set(at, outcome);
        terminal.say(lineOf(outcome));
      }
    };
    await Promise.all(rooms.map(work));
    return [...outcomes].sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
  } finally {
    await Promise.all(rooms.map((room) => room.close()));
  }
}

/** Null where the work was interrupted. What concerns the machine and not the picture is thrown on. */
async function treat(picture: PictureAsked, tools: RestoreTools): Promise<FileOutcome | null> {
  try {
    return { ok: true, ...(await restorePicture(picture.path, tools)) };
  } catch (error) {
    if (tools.signal.aborted) return null;
    const file = picture.path;
    if (error instanceof Refusal) {
      if (error.code === 'file.not-a-picture' && !picture.named)
        return { ok: true, file, outcome: 'no-picture', why: error.message };
      return { ok: false, file, outcome: 'refused', code: error.code, why: reasonOf(error) };
    }
    if (error instanceof CommandFault)
      return { ok: false, file, outcome: 'refused', code: 'folder', why: error.message };
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return { ok: false, file, outcome: 'refused', code, why: (error as Error).message };
  }
}

/** The sentence of a refusal, without what is true of servers alone. */
function reasonOf({ code, details, message }: Refusal): string {
  if (code === 'model.missing') return `It needs the model ${String(details['model'])}, which is not installed.`;
  if (code === 'restoration.engine-killed')
    return `The work was cut off: ${String(details['detail'] ?? 'the engine ended')}. The original is untouched.`;
  return message;
}

/** The key that signs; null where there can be none, which is said. A key that was named must be usable. */
async function receiptKey({ config, terminal, text }: Call): Promise<ReceiptKey | null> {
  const { openReceiptKey } = await import('@albumen/runtime');
  const named = text('key');
  const path = named ?? join(config.settings, 'receipt.key');
  try {
    return await openReceiptKey(path, 'albumen-restore');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (named !== undefined) throw new CommandFault(exitCodes.cannotStart, `The key ${path} cannot be used: ${why}.`);
    terminal.say(`Receipts will not be signed: the key ${path} cannot be used (${why}).`);
    return null;
  }
}

/** One bar over all pictures, with the time that is left as far as it can be told. */
class OverallProgress {
  readonly #shares: number[];
  readonly #begun = performance.now();

  constructor(
    private readonly pictures: readonly PictureAsked[],
    private readonly terminal: Terminal,
  ) {
    this.#shares = pictures.map(() => 0);
  }

  tell(at: number, share: number, doing: string): void {
    this.#shares[at] = share;
    const whole = this.#shares.reduce((sum, one) => sum + one, 0) / this.#shares.length;
    const seconds = (performance.now() - this.#begun) / 1000;
    const left = whole > 0.03 && seconds > 2 ? `, ${durationWords((seconds / whole) * (1 - whole))} left` : '';
    const name = basename(this.pictures[at]?.path ?? '');
    const place = this.pictures.length === 1 ? name : `${at + 1} of ${this.pictures.length}, ${name}`;
    this.terminal.progress(whole, `${place}: ${doing}${whole < 1 ? left : ''}`);
  }
}

function lineOf(outcome: FileOutcome): string {
  const file = shown(outcome.file);
  switch (outcome.outcome) {
    case 'proposed': {
      const steps = outcome.recipe.steps.map(({ operation }) => operation).join(', ');
      const { numbers } = outcome;
      const words =
        numbers === null
          ? ''
          : `; ${percent(numbers.replacedShare)} replaced, moved by ${numbers.meanDeltaE.toFixed(2)} ΔE on average`;
      const unsigned = outcome.signed ? '' : '; its receipt is not signed';
      return `${file}: ${steps}${words}${unsigned} (${durationWords(outcome.seconds)}) → ${shown(outcome.folder)}`;
    }
    case 'not-needed': {
      const { noise, fading, masks, blur } = outcome.report;
      const marks = masks.scratch.count + masks.dust.count;
      return `${file}: no treatment needed (${marks} marks, noise ${noise.value.toFixed(1)}, fading ${percent(fading.value)}, blur ${blur.value.toFixed(2)} px) → ${shown(outcome.folder)}`;
    }
    case 'measured':
      return `${file}: measured; this preset proposes nothing → ${shown(outcome.folder)}`;
    case 'no-picture':
      return `${file}: passed over. ${outcome.why}`;
    case 'refused':
      return `${file}: ${outcome.why}`;
  }
}

function tell(outcomes: readonly FileOutcome[], terminal: Terminal): void {
  const count = (outcome: FileOutcome['outcome']): number => outcomes.filter((one) => one.outcome === outcome).length;
  const parts = [
    [count('proposed'), 'restored'],
    [count('not-needed'), 'without need of treatment'],
    [count('measured'), 'measured'],
    [count('no-picture'), 'no pictures'],
    [count('refused'), 'refused'],
  ] as const;
  const words = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  terminal.result(
    outcomes.map(({ ok: _ok, ...outcome }) => outcome),
    words.length === 0 ? 'Nothing was done.' : `${words.join(', ')}.`,
  );
}

function shown(path: string): string {
  const near = relative('.', path);
  return near === '' || near.startsWith('..') ? path : near;
}

function usage(sentence: string): CommandFault {
  return new CommandFault(exitCodes.usage, `${sentence} See: albumen restore --help`);
}
