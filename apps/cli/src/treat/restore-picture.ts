import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  canonicalJson,
  presets,
  refuse,
  Refusal,
  type ChangeNumbers,
  type DamageReport,
  type Recipe,
  type RestorationResult,
  type Software,
} from '@albumen/domain';
import type { fileDigest, ReceiptFile, ReceiptKey, recipeDigest, TreatmentRoom } from '@albumen/runtime';
import { drawChanges } from './change-picture.js';
import { readmeOf } from './plain-words.js';
import { ResultFolder } from './result-folder.js';
import { recipeFor, type TreatmentAsked } from './steps-asked.js';

/** What one picture's treatment needs. */
export interface RestoreTools {
  readonly room: TreatmentRoom;
  readonly asked: TreatmentAsked;
  /** Folder for results; beside the original unless given. */
  readonly out: string | undefined;
  /** Null: receipts stay unsigned, and say so. */
  readonly key: ReceiptKey | null;
  readonly software: Software;
  readonly digests: { readonly file: typeof fileDigest; readonly recipe: typeof recipeDigest };
  readonly signal: AbortSignal;
  /** Share of this picture's work, 0..1, and what is being done. */
  readonly onProgress: (share: number, doing: string) => void;
}

/** What became of one picture. */
export interface RestoredPicture {
  readonly file: string;
  /** `measured`: the preset proposes nothing, whatever was measured. */
  readonly outcome: 'proposed' | 'not-needed' | 'measured';
  /** Where the result lies. */
  readonly folder: string;
  readonly report: DamageReport;
  readonly recipe: Recipe;
  readonly numbers: ChangeNumbers | null;
  readonly signed: boolean;
  readonly seconds: number;
}

/** Longer side of preview.jpg, pixels. */
const previewSide = 2048;
/** Share of the work that the assessment is. */
const assessing = 0.35;

/**
 * Measures one picture and restores it where that is called for; the result's folder appears whole or not at all. Refuses
 * what decoding and engine refuse; `restoration.cancelled` where the work was interrupted.
 */
export async function restorePicture(file: string, tools: RestoreTools): Promise<RestoredPicture> {
  const { room, signal } = tools;
  const begun = performance.now();
  let folder: ResultFolder | undefined;
  try {
    const { pages } = await room.inspect(file, signal);
    folder = await ResultFolder.begin(file, tools.out);
    const sha256 = await tools.digests.file(file);
    const assessment = await room.engine.assess({
      input: file,
      into: await folder.inner('assessment'),
      signal,
      onProgress: ({ share, doing }) => tools.onProgress(share * assessing, doing),
    });
    const { report } = assessment;
    const recipe = recipeFor(tools.asked, report, await room.engine.pins());
    const untouched = presets[tools.asked.preset].proposes.length === 0 ? 'measured' : 'not-needed';
    const result =
      recipe.steps.length === 0
        ? null
        : await room.engine.restore({
            input: file,
            into: await folder.inner('run'),
            recipe,
            maskPath: assessment.maskPath,
            report,
            signal,
            onProgress: ({ share, doing }) => tools.onProgress(assessing + share * (0.97 - assessing), doing),
          });
    if (result !== null && result.receipt.input.sha256 !== sha256)
      throw refuse('file.unreadable', { detail: 'it changed while it was being treated' });
    tools.onProgress(0.97, 'write');
    const receipt = result === null ? null : receiptOf(result, recipe, tools);
    if (result !== null) await writeProposal(result, folder, room);
    if (receipt !== null) await writeJson(join(folder.path, 'receipt.json'), receipt);
    await rename(assessment.maskPath, join(folder.path, 'damage-mask.png'));
    await writeJson(join(folder.path, 'damage-report.json'), report);
    const signedBy = receipt?.signature == null ? null : keyName(receipt.signature.key);
    await writeFile(
      join(folder.path, 'README.txt'),
      readmeOf({
        fileName: basename(file),
        report,
        made: result === null ? untouched : { recipe, numbers: result.numbers, signedBy },
        pages,
        finishedAt: new Date().toISOString(),
      }),
    );
    for (const inner of ['assessment', 'run']) await rm(join(folder.path, inner), { recursive: true, force: true });
    signal.throwIfAborted();
    return {
      file,
      outcome: result !== null ? 'proposed' : untouched,
      folder: await folder.finish(),
      report,
      recipe,
      numbers: result?.numbers ?? null,
      signed: signedBy !== null,
      seconds: (performance.now() - begun) / 1000,
    };
  } catch (error) {
    // Ctrl-C reaches the engine's child as well: its end may be seen before the signal is.
    if (error instanceof Refusal && error.code === 'restoration.engine-killed') await setTimeout(100);
    await folder?.discard();
    if (signal.aborted) throw refuse('restoration.cancelled', {}, { cause: error });
    throw error;
  }
}

async function writeProposal(result: RestorationResult, folder: ResultFolder, room: TreatmentRoom): Promise<void> {
  const proposal = join(folder.path, 'proposal.tif');
  await rename(result.masterPath, proposal);
  await room.preview(proposal, join(folder.path, 'preview.jpg'), previewSide);
  const levels = await room.greyLevels(result.changeMapPath, result.changeMap);
  const { indices, width, height, palette } = drawChanges(levels, result.changeMap, result.changeMap.deltaEPerLevel);
  await room.writePalettePicture(indices, width, height, palette, join(folder.path, 'change-map.png'));
}

function receiptOf(result: RestorationResult, recipe: Recipe, tools: RestoreTools): ReceiptFile {
  const receipt = {
    ...result.receipt,
    restorationId: randomUUID(),
    originalId: `sha256:${result.receipt.input.sha256}`,
    recipeSha256: tools.digests.recipe(recipe),
    software: tools.software,
  };
  return tools.key?.sign(receipt) ?? { receipt: JSON.parse(canonicalJson(receipt)) as typeof receipt, signature: null };
}

/** Name and id of a verifier key, without the key itself. */
function keyName(verifierKey: string): string {
  return verifierKey.split('+').slice(0, 2).join('+');
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
