import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuse, type AcceptedSet, type ModelPin, type ReceiptBody, type Recipe } from '@albumen/domain';
import type {
  fileDigest,
  PictureDifference,
  PinnedModels,
  receipts,
  recipeDigest,
  RuntimeDifference,
  TreatmentRoom,
} from '@albumen/runtime';

/** What a new run needs. */
export interface RunAgain {
  readonly receipt: ReceiptBody;
  readonly original: string;
  /** The result that the receipt records, where it is at hand. */
  readonly result: string | undefined;
  /** What was accepted, where the receipt is of a composite; null for a proposal. */
  readonly accepted: AcceptedSet | null;
  readonly room: TreatmentRoom;
  /** Pins of the recipe that are run by another file with the same weights. */
  readonly replaced: PinnedModels['replaced'];
  readonly tools: {
    readonly receipts: typeof receipts;
    readonly file: typeof fileDigest;
    readonly recipe: typeof recipeDigest;
  };
  readonly signal: AbortSignal;
  readonly onProgress: (share: number, doing: string) => void;
}

/** Something that keeps a receipt from being run again, or that is wrong beside the run. */
export interface Fault {
  readonly kind: 'original-differs' | 'model-missing' | 'model-differs' | 'recipe-differs' | 'result-differs';
  readonly words: string;
}

/** How the new picture compares with the recorded one; `unknown-distance`: it differs and the recorded one is not at hand. */
export type RunVerdict =
  | { readonly kind: 'identical'; readonly sameFile: boolean }
  | {
      readonly kind: 'within-tolerance' | 'differs';
      readonly largest: number;
      readonly mean: number;
      readonly shareChanged: number;
    }
  | { readonly kind: 'other-shape'; readonly recorded: string; readonly now: string }
  | { readonly kind: 'unknown-distance' };

/** What came of it; without a verdict where it could not be run. */
export interface RunAgainOutcome {
  readonly verdict: RunVerdict | null;
  readonly faults: readonly Fault[];
  readonly differences: readonly RuntimeDifference[];
  /** The recipe, as far as it is one. */
  readonly recipe: Recipe;
}

/**
 * Checks original, recipe and models against the receipt, runs the recipe again in a folder of its own and compares.
 * Refuses what decoding and engine refuse; `restoration.cancelled` where the work was interrupted.
 */
export async function runAgain(asked: RunAgain): Promise<RunAgainOutcome> {
  const { receipt, room } = asked;
  const recipe = receipt.recipe as Recipe;
  const faults = await faultsBefore(asked, recipe);
  if (faults.length > 0) return { verdict: null, faults, differences: [], recipe };
  const folder = await mkdtemp(join(tmpdir(), 'albumen-rerun-'));
  try {
    await room.inspect(asked.original, asked.signal);
    const made = await compute(asked, recipe, folder);
    const later: Fault[] = [];
    const result = await recordedResult(asked, later);
    asked.onProgress(0.97, 'compare');
    const verdict = await compare(asked, made, result, folder);
    return { verdict, faults: later, differences: differencesOf(asked, made.receipt), recipe };
  } catch (error) {
    if (asked.signal.aborted) throw refuse('restoration.cancelled', {}, { cause: error });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function faultsBefore({ receipt, original, room, replaced, tools }: RunAgain, recipe: Recipe): Promise<Fault[]> {
  const faults: Fault[] = [];
  const digest = await tools.file(original);
  if (digest !== receipt.input.sha256)
    faults.push({
      kind: 'original-differs',
      words: `${original} is not the original of this receipt: expected sha256 ${receipt.input.sha256} but received ${digest}.`,
    });
  const named = tools.recipe(recipe);
  if (named !== receipt.recipeSha256)
    faults.push({
      kind: 'recipe-differs',
      words: `The recipe does not have the digest that the receipt records: expected ${receipt.recipeSha256} but received ${named}.`,
    });
  for (const { pin, installed } of tools.receipts.modelFaults(recipe, await room.engine.pins(), replaced))
    faults.push(modelFault(pin, installed));
  return faults;
}

function modelFault(pin: ModelPin, installed: ModelPin | null): Fault {
  const wanted = `${pin.id} ${pin.version} (sha256 ${pin.sha256})`;
  return installed === null
    ? { kind: 'model-missing', words: `The model ${wanted} is not installed.` }
    : {
        kind: 'model-differs',
        words: `The model ${wanted} was used; installed is ${installed.version} with sha256 ${installed.sha256}.`,
      };
}

interface Made {
  readonly masterPath: string;
  readonly receipt: Pick<ReceiptBody, 'input' | 'runtime' | 'tilePlan' | 'derived' | 'output'>;
}

async function compute(asked: RunAgain, recipe: Recipe, folder: string): Promise<Made> {
  const { room, original, signal, accepted, onProgress } = asked;
  const [assessed, into] = [join(folder, 'assessment'), join(folder, 'run')];
  await mkdir(assessed);
  await mkdir(into);
  const { maskPath, report } = await room.engine.assess({
    input: original,
    into: assessed,
    signal,
    onProgress: ({ share, doing }) => onProgress(share * 0.35, doing),
  });
  const run = {
    input: original,
    into,
    recipe,
    maskPath,
    report,
    signal,
    onProgress: ({ share, doing }: { share: number; doing: string }) => onProgress(0.35 + share * 0.62, doing),
  };
  return accepted === null ? room.engine.restore(run) : room.engine.compose({ ...run, accepted });
}

/** The recorded result where it is at hand and is what the receipt says; else the fault is noted. */
async function recordedResult({ receipt, result, tools }: RunAgain, faults: Fault[]): Promise<string | null> {
  if (result === undefined) return null;
  const digest = await tools.file(result);
  if (digest === receipt.output.sha256) return result;
  faults.push({
    kind: 'result-differs',
    words: `${result} is not the result that the receipt records: expected sha256 ${receipt.output.sha256} but received ${digest}.`,
  });
  return null;
}

async function compare(asked: RunAgain, made: Made, result: string | null, folder: string): Promise<RunVerdict> {
  const { receipt, tools } = asked;
  if (made.receipt.output.pixelSha256 === receipt.output.pixelSha256)
    return { kind: 'identical', sameFile: made.receipt.output.sha256 === receipt.output.sha256 };
  if (result === null) return { kind: 'unknown-distance' };
  const found: PictureDifference = await tools.receipts.comparePictures(result, made.masterPath, folder);
  if (found.kind === 'identical') return { kind: 'identical', sameFile: false };
  if (found.kind === 'other-shape') return { kind: 'other-shape', recorded: found.first, now: found.second };
  return found;
}

function differencesOf({ receipt, replaced, tools }: RunAgain, made: Made['receipt']): RuntimeDifference[] {
  const decoded =
    made.input.pixelSha256 === receipt.input.pixelSha256
      ? []
      : [{ what: 'decoded original', recorded: receipt.input.pixelSha256, now: made.input.pixelSha256 }];
  const files = replaced.map(({ pin, by }) => ({
    what: `file of ${pin.id} (the same weights)`,
    recorded: pin.sha256,
    now: by,
  }));
  return [...decoded, ...files, ...tools.receipts.runtimeDifferences(receipt, made)];
}
