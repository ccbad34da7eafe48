import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode, IntakeRecord, ObjectStore } from '@albumen/domain';

/** An adapter with what the contract needs to attack it. */
export interface StoreUnderTest {
  readonly store: ObjectStore;
  /** Steps of `keep` after which a crash can be staged. */
  readonly crashPoints: readonly string[];
  /** A second store on the same place whose `keep` dies right after the named step. */
  dyingAt(step: string): Promise<ObjectStore>;
  /** Opens the same place again, as a restarted program does. */
  reopen(): Promise<ObjectStore>;
  /** Flips one bit of the stored bytes behind the adapter's back. */
  flipByte(key: string): Promise<void>;
  dispose(): Promise<void>;
}

/** What every object store must do, whatever it keeps its bytes on. Call it in a `*.spec.ts`. */
export function objectStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    let place: StoreUnderTest;
    let folder: string;
    beforeEach(async () => {
      place = await open();
      folder = await mkdtemp(join(tmpdir(), 'albumen-store-contract-'));
    });
    afterEach(async () => {
      await place.dispose();
      await rm(folder, { recursive: true, force: true });
    });

    const incoming = async (bytes: Uint8Array, change: Partial<IntakeRecord> = {}) => {
      const path = join(folder, randomUUID());
      await writeFile(path, bytes);
      return { path, record: { ...intake(bytes), ...change } };
    };

    it('keeps the bytes of an original exactly and finds them again after a restart', async () => {
      const bytes = new Uint8Array(300_000).map((_, index) => (index * 7) % 251);
      const file = await incoming(bytes);
      const { key } = await place.store.originals.keep(file);
      const again = await place.reopen();
      expect(await again.originals.has(key)).toBe(true);
      expect(await collect(await again.originals.read(key))).toEqual(Buffer.from(bytes));
      const { sha256, sha512 } = file.record;
      expect(await again.originals.digest(key)).toEqual({ sha256, sha512, bytes: 300_000 });
      await using local = await again.originals.local(key);
      expect(await readFile(local.path)).toEqual(Buffer.from(bytes));
      expect(await readFile(file.path)).toEqual(Buffer.from(bytes));
    });

    it('reads ranges with both ends included', async () => {
      const { key } = await place.store.originals.keep(await incoming(Buffer.from('0123456789')));
      expect(String(await collect(await place.store.originals.read(key, { start: 2, end: 5 })))).toBe('2345');
    });

    it('has neither an overwrite nor a delete for originals', async () => {
      const methods = methodsOf(place.store.originals);
      expect(methods).toEqual(['digest', 'has', 'keep', 'local', 'read', 'records']);
    });

    it('answers the same key when the same original is kept again', async () => {
      const file = await incoming(Buffer.from('the same'));
      const first = await place.store.originals.keep(file);
      const later = { ...file, record: { ...file.record, receivedAt: '2027-01-01T00:00:00.000Z' } };
      expect(await place.store.originals.keep(later)).toEqual(first);
    });

    it('refuses other bytes, or another original, for an object that is there', async () => {
      const file = await incoming(Buffer.from('first'));
      const { key } = await place.store.originals.keep(file);
      const { objectId, originalId } = file.record;
      const otherBytes = await incoming(Buffer.from('other'), { objectId, originalId });
      await expectRefusal(place.store.originals.keep(otherBytes), 'original.immutable');
      const otherOriginal = await incoming(Buffer.from('first'), { objectId });
      await expectRefusal(place.store.originals.keep(otherOriginal), 'original.immutable');
      const otherMedia = await incoming(Buffer.from('first'), { objectId, originalId, mediaType: 'image/png' });
      await expectRefusal(place.store.originals.keep(otherMedia), 'original.immutable');
      expect(String(await collect(await place.store.originals.read(key)))).toBe('first');
    });

    it('keeps nothing when the bytes are not those of the record', async () => {
      const file = await incoming(Buffer.from('promised'));
      await writeFile(file.path, 'arrived');
      await expectRefusal(place.store.originals.keep(file), 'original.digest-differs');
      expect(await collectRecords(place.store)).toEqual([]);
    });

    it('lets one of two writers of the same object win, and both succeed', async () => {
      const file = await incoming(Buffer.from('twice at once'));
      const answers = await Promise.all([place.store.originals.keep(file), place.store.originals.keep(file)]);
      expect(answers[0]).toEqual(answers[1]);
      expect(await collectRecords(place.store)).toHaveLength(1);
    });

    it('completes the same object after a crash at any step', async () => {
      for (const step of place.crashPoints) {
        const file = await incoming(Buffer.from(`crash after ${step}`));
        const dying = await place.dyingAt(step);
        await expect(dying.originals.keep(file), step).rejects.toThrow();
        const restarted = await place.reopen();
        const { key } = await restarted.originals.keep(file);
        expect((await restarted.originals.digest(key)).sha256, step).toBe(file.record.sha256);
      }
      expect(await collectRecords(place.store)).toHaveLength(place.crashPoints.length);
    });

    it('finds a flipped bit by its digest and refuses to take it for the original', async () => {
      const file = await incoming(Buffer.from('pristine'));
      const { key } = await place.store.originals.keep(file);
      await place.flipByte(key);
      expect((await place.store.originals.digest(key)).sha256).not.toBe(file.record.sha256);
      await expectRefusal(place.store.originals.keep(file), 'original.digest-differs');
    });

    it('lists every intake record, names byte-exact, with its key', async () => {
      const names = ['Bà Nội 👵.jpg', 'Bà Nội.jpg', 'a%2fb & c.jpg'];
      const keys: string[] = [];
      for (const fileName of names) {
        keys.push((await place.store.originals.keep(await incoming(Buffer.from(fileName), { fileName }))).key);
      }
      const found = await collectRecords(place.store);
      expect(found.map((record) => record.fileName).sort()).toEqual([...names].sort());
      expect(found.map((record) => record.key).sort()).toEqual([...keys].sort());
    });

    it('says that bytes are missing, and never leaves its own place', async () => {
      const odd = ['nothing/here', '../../etc/passwd', 'originals/../../../etc/passwd', 'derivatives/../originals'];
      for (const key of odd) {
        expect(await place.store.originals.has(key)).toBe(false);
        expect(await place.store.derivatives.has(key)).toBe(false);
        await expectRefusal(place.store.originals.local(key), 'storage.missing');
        await expectRefusal(place.store.originals.digest(key), 'storage.missing');
        await expectRefusal(place.store.originals.read(key), 'storage.missing');
        await expectRefusal(place.store.derivatives.read(key), 'storage.missing');
        await expectRefusal(place.store.derivatives.remove(key), 'storage.missing');
      }
      await expectRefusal(place.store.log.write('../outside', Buffer.from('x')), 'request.invalid');
      await expectRefusal(place.store.staging.pathOf('../outside'), 'request.invalid');
    });

    it('keeps a derivative under its own digest, once', async () => {
      const bytes = Buffer.from('a derivative');
      const first = await place.store.derivatives.keepBytes(bytes, 'png');
      const { path } = await incoming(bytes);
      expect(await place.store.derivatives.keepFile(path, 'png')).toEqual(first);
      expect(first).toMatchObject({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length });
      expect(Buffer.from(await place.store.derivatives.readBytes(first.key))).toEqual(bytes);
      await place.store.derivatives.remove(first.key);
      expect(await place.store.derivatives.has(first.key)).toBe(false);
      expect(await place.store.derivatives.keepBytes(bytes, 'png')).toEqual(first);
    });

    it('gives an empty scratch folder for one piece of work and takes it away', async () => {
      let path: string;
      {
        await using scratch = await place.store.staging.scratch('some/work');
        path = scratch.path;
        await writeFile(join(path, 'file'), 'x');
      }
      await expect(readFile(join(path, 'file'))).rejects.toThrow('ENOENT');
    });

    it('stages an upload per accession file and forgets it', async () => {
      const fileId = randomUUID();
      const path = await place.store.staging.pathOf(fileId);
      await writeFile(path, 'part');
      expect(await (await place.reopen()).staging.pathOf(fileId)).toBe(path);
      await place.store.staging.discard(fileId);
      await expect(readFile(path)).rejects.toThrow('ENOENT');
      expect(await place.store.staging.freeBytes()).toBeGreaterThan(0);
    });

    it('replaces files of the log whole', async () => {
      expect(await place.store.log.read('tile/0/x001/067.p/12')).toBeUndefined();
      for (const text of ['one', 'two, longer']) {
        await place.store.log.write('tile/0/x001/067.p/12', Buffer.from(text));
        expect(String(Buffer.from((await place.store.log.read('tile/0/x001/067.p/12'))!))).toBe(text);
      }
    });
  });
}

/** An intake record for these bytes, with ids of its own. */
export function intake(bytes: Uint8Array): IntakeRecord {
  return {
    objectId: `urn:uuid:${randomUUID()}`,
    itemId: randomUUID(),
    originalId: randomUUID(),
    accessionId: randomUUID(),
    fileId: randomUUID(),
    fileName: 'Scan 001.jpg',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sha512: createHash('sha512').update(bytes).digest('hex'),
    bytes: bytes.byteLength,
    mediaType: 'image/jpeg',
    receivedAt: '2026-11-20T10:00:00.000Z',
    receivedBy: randomUUID(),
  };
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function collectRecords(store: ObjectStore) {
  const found: (IntakeRecord & { readonly key: string })[] = [];
  for await (const record of store.originals.records()) found.push(record);
  return found;
}

async function expectRefusal(work: Promise<unknown>, code: ErrorCode): Promise<void> {
  await expect(work).rejects.toMatchObject({ name: 'Refusal', code });
}

/** Names of what can be called on it, its class's own methods included; housekeeping of the adapter is not part of the port. */
function methodsOf(target: object): string[] {
  const names = new Set<string>();
  for (let level: object | null = target; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (typeof Reflect.get(target, name) === 'function') names.add(name);
    }
  }
  return [...names].filter((name) => name !== 'constructor' && name !== 'prepare' && name !== 'reached').sort();
}
