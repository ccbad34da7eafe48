import { randomUUID } from 'node:crypto';
import { readFile, readdir, rename, rm, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, refuse, type Digests, type IntakeRecord, type OriginalStore } from '@albumen/domain';
import {
  copyOnce,
  digestBytes,
  digestFile,
  exists,
  makeFolder,
  readStored,
  storageFault,
  syncFolder,
  writeOnce,
} from './durable-files.js';
import { inventoryOf, objectDeclaration, rootFiles, type Inventory } from './ocfl-inventory.js';
import { contentName, intakeName, isOriginalKey, objectKey, originalKey } from './storage-keys.js';

/** Steps of keeping an original, in order; a test interrupts after any of them. */
export const keepSteps = ['staged', 'compared', 'described', 'placing', 'placed'] as const;
export type KeepStep = (typeof keepSteps)[number];

/**
 * Originals in an OCFL 1.1 root. An object is built whole in `building`, on the same disk, and renamed into the root
 * in one move, so that the root never holds a part of an object, whenever the power goes.
 */
export class OriginalsOnDisk implements OriginalStore {
  readonly #root: string;
  readonly #building: string;

  constructor(
    private readonly dataDir: string,
    private readonly reached: (step: KeepStep) => void,
  ) {
    this.#root = join(dataDir, 'originals');
    this.#building = join(dataDir, 'scratch', 'building');
  }

  /** Declares the root where there is none yet; a second start, or two at once, find the same files. */
  async prepare(): Promise<void> {
    await makeFolder(this.#building);
    await makeFolder(this.#root);
    for (const [name, text] of Object.entries(rootFiles)) {
      const path = join(this.#root, name);
      await makeFolder(dirname(path));
      if (await exists(path)) continue;
      const beside = join(this.#building, randomUUID());
      await writeOnce(beside, Buffer.from(text));
      await rename(beside, path);
      await syncFolder(dirname(path));
    }
  }

  async keep(file: { readonly path: string; readonly record: IntakeRecord }): Promise<{ readonly key: string }> {
    const { record } = file;
    const key = originalKey(record.objectId, record.mediaType);
    const home = join(this.dataDir, objectKey(record.objectId));
    try {
      if (await exists(home)) return await this.#alreadyKept(record, key);
      await using stage = await this.#stage();
      await this.#build(stage.path, file.path, record);
      await makeFolder(dirname(home));
      this.reached('placing');
      if (!(await moved(stage.path, home))) return await this.#alreadyKept(record, key);
      await syncFolder(dirname(home));
      this.reached('placed');
      return { key };
    } catch (error) {
      throw storageFault(error, key);
    }
  }

  has(key: string): Promise<boolean> {
    return isOriginalKey(key) ? exists(join(this.dataDir, key)) : Promise.resolve(false);
  }

  async local(key: string) {
    if (!(await this.has(key))) throw refuse('storage.missing', { key });
    return { path: this.#path(key), [Symbol.asyncDispose]: async () => {} };
  }

  async read(...[key, range]: Parameters<OriginalStore['read']>): Promise<AsyncIterable<Uint8Array>> {
    return readStored(this.#path(key), key, range);
  }

  async digest(key: string): Promise<Digests> {
    try {
      return await digestFile(this.#path(key));
    } catch (error) {
      throw storageFault(error, key);
    }
  }

  async *records(): AsyncIterable<IntakeRecord & { readonly key: string }> {
    for await (const home of this.#objects(this.#root)) {
      const path = join(home, 'v1', 'content', intakeName);
      if (!(await exists(path))) continue;
      const record = JSON.parse(await readFile(path, 'utf8')) as IntakeRecord;
      yield { ...record, key: originalKey(record.objectId, record.mediaType) };
    }
  }

  async *#objects(folder: string): AsyncGenerator<string> {
    const entries = await readdir(folder, { withFileTypes: true });
    if (entries.some((entry) => entry.name === objectDeclaration.name)) {
      yield folder;
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory() && entry.name !== 'extensions') yield* this.#objects(join(folder, entry.name));
    }
  }

  async #build(stage: string, source: string, record: IntakeRecord): Promise<void> {
    const content = join(stage, 'v1', 'content');
    await mkdir(content, { recursive: true });
    const name = contentName(record.mediaType);
    await copyOnce(source, join(content, name));
    this.reached('staged');
    const stored = await digestFile(join(content, name));
    if (!sameBytes(stored, record)) throw refuse('original.digest-differs', { objectId: record.objectId });
    this.reached('compared');
    const intake = Buffer.from(`${canonicalJson(record)}\n`, 'utf8');
    await writeOnce(join(content, intakeName), intake);
    const { inventory, sidecar } = inventoryOf({
      objectId: record.objectId,
      files: [
        { name, digests: stored },
        { name: intakeName, digests: digestBytes(intake) },
      ],
      created: record.receivedAt,
      message: 'Bytes as received, with their intake record',
      user: { name: record.receivedBy, address: `urn:uuid:${record.receivedBy}` },
    });
    for (const folder of [join(stage, 'v1'), stage]) {
      await writeOnce(join(folder, 'inventory.json'), inventory);
      await writeOnce(join(folder, 'inventory.json.sha512'), sidecar);
    }
    await writeOnce(join(stage, objectDeclaration.name), Buffer.from(objectDeclaration.text));
    for (const folder of [content, join(stage, 'v1'), stage]) await syncFolder(folder);
    this.reached('described');
  }

  /** The object is there: the same bytes of the same original complete a former attempt, anything else is refused. */
  async #alreadyKept(record: IntakeRecord, key: string): Promise<{ readonly key: string }> {
    const home = join(this.dataDir, objectKey(record.objectId));
    const inventory = JSON.parse(await readFile(join(home, 'inventory.json'), 'utf8')) as Inventory;
    const kept = JSON.parse(await readFile(join(home, 'v1', 'content', intakeName), 'utf8')) as IntakeRecord;
    const same =
      inventory.id === record.objectId &&
      inventory.manifest[record.sha512]?.includes(`v1/content/${contentName(record.mediaType)}`) === true &&
      kept.originalId === record.originalId &&
      kept.sha256 === record.sha256;
    if (!same) throw refuse('original.immutable', { objectId: record.objectId });
    if (!sameBytes(await this.digest(key), record)) {
      throw refuse('original.digest-differs', { objectId: record.objectId });
    }
    await syncFolder(dirname(home));
    return { key };
  }

  async #stage() {
    const path = join(this.#building, randomUUID());
    await mkdir(path);
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }

  #path(key: string): string {
    if (!isOriginalKey(key)) throw refuse('storage.missing', { key });
    return join(this.dataDir, key);
  }
}

/** Moves a folder to where nothing is; false where somebody else was first. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

function sameBytes(found: Digests, expected: Digests): boolean {
  return found.sha256 === expected.sha256 && found.sha512 === expected.sha512 && found.bytes === expected.bytes;
}
