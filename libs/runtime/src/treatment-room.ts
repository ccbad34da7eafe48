import { stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Signer } from '@albumen/database';
import { canonicalJson, type ReceiptBody, type RestorationEngine } from '@albumen/domain';
import {
  closeDecoders,
  decodeFully,
  encodePalettePng,
  encodeThumbnail,
  inspectIncoming,
  reduceToBytes,
  type IncomingPicture,
  type PaletteColour,
} from '@albumen/imaging';
import {
  acceptModel,
  adapterNames,
  bringIn,
  broughtIn,
  checkAccepted,
  checkSignature,
  checkTextSignature,
  comparePictures,
  createRestorationEngine,
  dropBytes,
  executionProviders,
  findBroughtIn,
  modelFaults,
  modelsAsPinned,
  moveBack,
  promiseOf,
  readReceiptFile,
  removeModel,
  runtimeDifferences,
  signedOver,
  tolerance,
  type AdapterName,
  type BroughtInReport,
  type Execution,
  type PictureDifference,
  type MovedModel,
  type PinnedModels,
  type ReceiptFile,
  type ReceiptSignature,
  type RuntimeDifference,
  type SignatureVerdict,
} from '@albumen/restoration';

export { executionProviders };
export type {
  AdapterName,
  BroughtInReport,
  Execution,
  PictureDifference,
  PinnedModels,
  ReceiptFile,
  ReceiptSignature,
  RuntimeDifference,
  SignatureVerdict,
  IncomingPicture,
  PaletteColour,
};
/** Receipts: reading, checking, comparing, and the models they pin. */
export const receipts = {
  read: readReceiptFile,
  checkAccepted,
  checkSignature,
  checkTextSignature,
  modelFaults,
  modelsAsPinned,
  runtimeDifferences,
  promiseOf,
  comparePictures,
  tolerance,
};

/** Models that an institution brings in: examined, quarantined, accepted, removed. */
export const modelIntake = {
  adapterNames,
  bringIn,
  all: broughtIn,
  find: findBroughtIn,
  /** Accepts a model in quarantine; refuses what `acceptModel` refuses. Where `record` fails, nothing is accepted. */
  async accept(
    into: string,
    id: string,
    terms: Parameters<typeof acceptModel>[2],
    record: (report: BroughtInReport) => Promise<void>,
  ): Promise<BroughtInReport> {
    return recorded(await acceptModel(into, id, terms), record);
  },
  /** Removes a model and its bytes; its report stays. Refuses `model.not-found`. Where `record` fails, all stays. */
  async remove(
    into: string,
    id: string,
    modelVersion: string | undefined,
    record: (report: BroughtInReport) => Promise<void>,
  ): Promise<BroughtInReport> {
    const removed = await removeModel(into, id, modelVersion);
    await recorded(removed, record);
    await dropBytes(removed);
    return removed.report;
  },
};

async function recorded(
  moved: MovedModel,
  record: (report: BroughtInReport) => Promise<void>,
): Promise<BroughtInReport> {
  try {
    await record(moved.report);
  } catch (error) {
    await moveBack(moved);
    throw error;
  }
  return moved.report;
}

/** What treats pictures without a server and without a database. */
export interface TreatmentRoom {
  readonly engine: RestorationEngine;
  /** Header check, then every pixel read in a child process. Refuses what `decodeFully` refuses. */
  inspect(path: string, signal?: AbortSignal): Promise<IncomingPicture>;
  /** A JPEG in sRGB whose longer side is at most that many pixels. */
  preview(path: string, outPath: string, longSide: number): Promise<void>;
  /** The grey levels of a change map of that size. */
  greyLevels(path: string, size: { readonly width: number; readonly height: number }): Promise<Uint8Array>;
  writePalettePicture: typeof encodePalettePng;
  close(): Promise<void>;
}

/** Opens engine and decoders; every engine of one process computes in a child of its own. */
export function openTreatmentRoom(options: {
  readonly modelsDir: string;
  /** Folder of the models that were brought in; none are used without it. */
  readonly broughtInDir?: string;
  readonly threads?: number;
  /** What the nets are run by; the processor where left out. */
  readonly execution?: Execution;
}): TreatmentRoom {
  const engine = createRestorationEngine(options);
  return {
    engine,
    async inspect(path, signal) {
      const { size } = await stat(path);
      const incoming = await inspectIncoming(path, { bytes: size });
      await decodeFully(path, { signal });
      return incoming;
    },
    async preview(path, outPath, longSide) {
      await encodeThumbnail(path, outPath, { longSide, quality: 88 });
    },
    greyLevels: (path, size) => reduceToBytes(path, size, 1),
    writePalettePicture: encodePalettePng,
    async close() {
      await engine.close();
      closeDecoders();
    },
  };
}

/** sha256 (hexadecimal) of a file's bytes, streamed. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** sha256 of a recipe's canonical text: the name of the intent. */
export function recipeDigest(recipe: unknown): string {
  return createHash('sha256').update(canonicalJson(recipe)).digest('hex');
}

/** A signing key on this machine. */
export interface ReceiptKey {
  readonly verifierKey: string;
  sign(receipt: ReceiptBody): ReceiptFile;
  /** Signature of a text; `over` says in words what was signed. */
  signText(text: string, over: string): ReceiptSignature;
}

/**
 * Reads the Ed25519 key (PKCS 8, PEM) in that file, or makes it (mode 0600) where there is none. `origin` names its
 * holder in the verifier key. Throws what the file system or the key parser throws.
 */
export async function openReceiptKey(path: string, origin: string): Promise<ReceiptKey> {
  const signer = await Signer.open(path, origin);
  const signText = (text: string, over: string): ReceiptSignature => ({
    algorithm: 'Ed25519',
    over,
    value: signer.signText(text),
    key: signer.verifierKey,
  });
  return {
    verifierKey: signer.verifierKey,
    sign: (receipt) => ({ receipt, signature: signText(canonicalJson(receipt), signedOver) }),
    signText,
  };
}
