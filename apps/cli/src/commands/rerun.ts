import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { AcceptedSet, Recipe } from '@albumen/domain';
import type { ReceiptFile, receipts, SignatureVerdict } from '@albumen/runtime';
import type { Call, Command } from '../command.js';
import { CommandFault, exitCodes, systemCode } from '../command-fault.js';
import { findOriginal, findResult } from '../rerun/find-original.js';
import { knownKeys } from '../rerun/known-keys.js';
import { runAgain, type RunAgainOutcome, type RunVerdict } from '../rerun/run-again.js';
import { listenForInterruption } from '../treat/interruption.js';
import { table } from '../terminal.js';

/** A receipt of hundreds of thousands of regions stays below this. */
const mostBytes = 64_000_000;

/** `albumen rerun RECEIPT`: proves a receipt by running it again. */
export const rerun: Command = {
  name: 'rerun',
  arguments: 'RECEIPT',
  says: 'Checks the signature of a receipt, runs its recipe again and says whether the same picture comes out: identical, within tolerance, or differs. Exit code 1 where it differs or does not hold.',
  options: {
    original: { type: 'string', value: 'FILE', says: 'the original; looked for beside the receipt unless named' },
    result: {
      type: 'string',
      value: 'FILE',
      says: 'the recorded result, to measure how far a new one is from it; proposal.tif beside the receipt unless named',
    },
    accepted: {
      type: 'string',
      value: 'FILE',
      says: 'JSON with what was accepted, for the receipt of a composite that does not say so itself',
    },
    trust: { type: 'string', value: 'KEY', says: 'a key that you trust: a file, or a verifier key as text' },
    models: { type: 'string', value: 'DIR', says: 'folder of the models' },
  },
  example: 'albumen rerun scan.tif.albumen/receipt.json --original scan.tif',
  takes: [1, 1],
  async run(call) {
    const { terminal, text } = call;
    const path = call.words[0] ?? '';
    const { receipts, fileDigest, recipeDigest, openTreatmentRoom } = await import('@albumen/runtime');
    const file = receipts.read(await readText(path, 'the receipt'));
    const signature = receipts.checkSignature(file, await knownKeys(text('trust'), call.config));
    if (signature.state === 'does-not-hold') {
      terminal.result({ signature, verdict: null, faults: [], differences: [] }, signatureWords(signature));
      return exitCodes.foundFault;
    }
    const { receipt } = file;
    const original = text('original') ?? (await findOriginal(path, receipt.input.sha256, fileDigest));
    if (original === undefined)
      throw new CommandFault(
        exitCodes.usage,
        `There is no file with sha256 ${receipt.input.sha256} beside the receipt. Name the original with --original.`,
      );
    await requireFile(original, 'the original');
    const result = text('result') ?? (await findResult(path));
    if (result !== undefined) await requireFile(result, 'the result');
    const interruption = listenForInterruption(terminal.say);
    await using models = await receipts.modelsAsPinned(text('models') ?? call.config.models, receipt.recipe as Recipe);
    const room = openTreatmentRoom({
      modelsDir: models.modelsDir,
      broughtInDir: call.config.ownModels,
      threads: Math.max(1, Math.min(receipt.runtime.threads || availableParallelism(), availableParallelism())),
    });
    try {
      const outcome = await runAgain({
        receipt,
        original,
        result,
        accepted: await acceptedOf(call, file, receipts),
        room,
        replaced: models.replaced,
        tools: { receipts, file: fileDigest, recipe: recipeDigest },
        signal: interruption.signal,
        onProgress: (share, doing) => terminal.progress(share, doing),
      });
      const promise = receipts.promiseOf(receipt.runtime);
      terminal.result(
        { signature, promise, ...outcome },
        [
          outcomeWords(signature, outcome),
          ...(promise === 'bytes' ? [] : [toleranceWords(receipt.runtime.provider)]),
        ].join('\n'),
      );
      return holds(outcome) ? exitCodes.done : exitCodes.foundFault;
    } catch (error) {
      if (interruption.signal.aborted) return exitCodes.interrupted;
      throw error;
    } finally {
      await room.close();
      interruption.end();
    }
  },
};

async function acceptedOf(
  { text }: Call,
  { receipt }: ReceiptFile,
  tools: typeof receipts,
): Promise<AcceptedSet | null> {
  const path = text('accepted');
  if (path === undefined) return receipt.accepted ?? null;
  let value: unknown;
  try {
    value = JSON.parse(await readText(path, 'what was accepted'));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new CommandFault(exitCodes.usage, `Expected JSON in ${path} but received: ${error.message}.`);
    throw error;
  }
  const check: (value: unknown) => asserts value is AcceptedSet = tools.checkAccepted;
  check(value);
  return value;
}

function holds({ verdict, faults }: RunAgainOutcome): boolean {
  return faults.length === 0 && (verdict?.kind === 'identical' || verdict?.kind === 'within-tolerance');
}

function outcomeWords(signature: SignatureVerdict, { verdict, faults, differences }: RunAgainOutcome): string {
  const lines = [
    ...(verdict === null ? [] : [verdictWords(verdict)]),
    signatureWords(signature),
    ...faults.map(({ words }) => words),
  ];
  if (verdict === null) lines.push('It was not run again.');
  else if (differences.length === 0) lines.push('Runtime, tile plan and derived numbers are the recorded ones.');
  else {
    const rows = differences.map(({ what, recorded, now }) => [what, recorded, now]);
    lines.push('What is not as recorded:', table([['', 'recorded', 'now'], ...rows]));
  }
  return lines.join('\n');
}

/** What a receipt of another provider than the processor can be held to. */
function toleranceWords(provider: string): string {
  return `Its nets were run by ${provider}: the receipt promises a picture within tolerance, not the same bytes. The processor ran it again here.`;
}

function verdictWords(verdict: RunVerdict): string {
  switch (verdict.kind) {
    case 'identical':
      return verdict.sameFile ? 'identical' : 'identical (the same pixels; the file around them is not the same)';
    case 'within-tolerance':
      return `within tolerance (${distanceWords(verdict)})`;
    case 'differs':
      return `differs (${distanceWords(verdict)})`;
    case 'other-shape':
      return `differs (recorded ${verdict.recorded}, now ${verdict.now})`;
    case 'unknown-distance':
      return 'differs (other pixels; name the recorded result with --result to learn how far)';
  }
}

function distanceWords({ largest, mean }: { readonly largest: number; readonly mean: number }): string {
  return `max ${Number(largest.toFixed(2))} levels, mean ${Number(mean.toPrecision(2))}`;
}

function signatureWords(signature: SignatureVerdict): string {
  switch (signature.state) {
    case 'unsigned':
      return 'The receipt is not signed: nothing proves that it was not changed.';
    case 'does-not-hold':
      return `The signature does not hold: ${signature.why}. The receipt was not run.`;
    case 'holds':
      return signature.keyKnown
        ? `The signature holds; the key ${signature.origin}+${signature.keyId} is one you trust.`
        : `The signature holds, but the key ${signature.origin}+${signature.keyId} is not known here: anybody could have made it. Name a key that you trust with --trust.`;
  }
}

async function readText(path: string, what: string): Promise<string> {
  await requireFile(path, what);
  if ((await stat(path)).size > mostBytes)
    throw new CommandFault(exitCodes.usage, `Expected at most ${mostBytes / 1e6} MB for ${what} but received ${path}.`);
  return readFile(path, 'utf8');
}

async function requireFile(path: string, what: string): Promise<void> {
  try {
    if ((await stat(path)).isFile()) return;
  } catch (error) {
    const why = systemCode(error) === 'ENOENT' ? 'there is no such file' : `it cannot be read (${systemCode(error)})`;
    throw new CommandFault(exitCodes.usage, `Expected ${what} at ${path}, but ${why}.`);
  }
  throw new CommandFault(exitCodes.usage, `Expected ${what} at ${path}, but it is not a file.`);
}
