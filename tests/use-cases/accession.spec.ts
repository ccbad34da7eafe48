import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '@albumen/domain';
import {
  CancelAccession,
  CloseAccession,
  IngestFolder,
  PlanAccession,
  ReceiveOriginal,
  readAccession,
  readAccessionFiles,
} from '@albumen/workflow';
import { openTestRuntime, type TestRuntime } from '../support/test-runtime.js';

const sharp = createRequire(join(import.meta.dirname, '../../libs/imaging/package.json'))('sharp') as (
  input: unknown,
) => { jpeg(): { toBuffer(): Promise<Buffer> }; png(): { toBuffer(): Promise<Buffer> } };

let place: TestRuntime;
let operator: Extract<Actor, { kind: 'person' }>;
let folder: string;
let shade = 0;

beforeAll(async () => {
  place = await openTestRuntime();
  operator = await place.person('Phạm Hòa', 'operator');
});
afterAll(() => place.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'albumen-incoming-'));
  return () => rm(folder, { recursive: true, force: true });
});

/** A small JPEG unlike every other of this file. */
async function picture(): Promise<Buffer> {
  shade += 1;
  const background = { r: shade % 256, g: (shade * 7) % 256, b: 90 };
  return sharp({ create: { width: 120, height: 80, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

async function put(name: string, bytes: Buffer | string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

async function plan(collectionId: string, ...files: { name: string; bytes: number }[]) {
  const announced = files.map((file) => ({ ...file, path: file.name }));
  const { accessionId } = await new PlanAccession(place.bench).execute(operator, {
    collectionId,
    note: '',
    files: announced,
  });
  return { accessionId, files: (await readAccessionFiles(place.bench, accessionId)).rows };
}

const receive = (fileId: string, path: string) => new ReceiveOriginal(place.bench).execute(operator, { fileId, path });
const ingest = (collectionId: string, more: object = {}) =>
  new IngestFolder(place.bench).execute(operator, { folder, collectionId, ...more });
const count = async (table: string): Promise<number> =>
  Number((await place.bench.database.read.query(`select count(*) from ${table}`))[0].count);
const actionsOf = async (subject: string): Promise<string[]> =>
  (
    (await place.bench.database.read.query('select action from audit_entry where subject_id = $1 order by seq', [
      subject,
    ])) as { action: string }[]
  ).map((row) => row.action);

describe('Taking in a folder', () => {
  it('gives every file its own outcome and goes on past bad ones', async () => {
    const good = await picture();
    const decomposed = 'Bà Nội 👵.jpg'.normalize('NFD');
    await put('Scan 10.jpg', await picture());
    await put('Scan 2.jpg', good);
    await put('again.jpg', good);
    await put(decomposed, await picture());
    await put('cut.jpg', (await picture()).subarray(0, 300));
    await put('drawing.jpg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await put('empty.jpg', '');
    await put('letter.jpg', 'Dear Lan, this is no picture.');
    await put('.hidden.jpg', good);
    await symlink(join(folder, 'Scan 2.jpg'), join(folder, 'link.jpg'));
    const collectionId = await place.collection('Mixed');
    const seen: number[] = [];
    const result = await ingest(collectionId, { onProgress: (at: { done: number }) => seen.push(at.done) });
    const outcome = Object.fromEntries(
      result.answers.map(({ path, answer }) => [path, answer.reason?.code ?? answer.outcome]),
    );
    expect(outcome).toEqual({
      'again.jpg': 'received',
      'Scan 2.jpg': 'duplicate',
      'Scan 10.jpg': 'received',
      [decomposed]: 'received',
      'cut.jpg': 'file.damaged',
      'drawing.jpg': 'file.media-not-accepted',
      'empty.jpg': 'file.empty',
      'letter.jpg': 'file.not-a-picture',
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const view = await readAccession(place.bench, result.accessionId);
    expect(view).toMatchObject({ status: 'closed', door: 'command-line' });
    expect(view.totals).toMatchObject({ total: 8, waiting: 0, received: 3, duplicate: 1, refused: 4 });
    const files = (await readAccessionFiles(place.bench, result.accessionId)).rows;
    expect(files.find((file) => file.path === decomposed)?.name).toBe(decomposed);
    expect(files.find((file) => file.path === 'Scan 2.jpg')?.sameBytesAs?.collectionId).toBe(collectionId);
    expect(files.map((file) => file.path).slice(-3)).toEqual(['letter.jpg', 'Scan 2.jpg', 'Scan 10.jpg']);
  });

  it('keeps the bytes, the row, description version 1, an audit entry and the next job of what it received', async () => {
    const bytes = await picture();
    await put('one.jpg', bytes);
    const { answers } = await ingest(await place.collection('One'));
    const { itemId, originalId } = answers[0]!.answer;
    const [original] = await place.bench.database.read.query('select * from original where id = $1', [originalId]);
    await using stored = await place.bench.store.originals.local(original.storage_key);
    expect(await readFile(stored.path)).toEqual(bytes);
    const [description] = await place.bench.database.read.query('select * from item_description where item_id = $1', [
      itemId,
    ]);
    expect(description).toMatchObject({ version: 1, saved_by: operator.id });
    expect(await actionsOf(originalId!)).toEqual(['original.received']);
    await place.runtime.relay();
    expect(place.queue.history.at(-1)?.job).toEqual({ name: 'characterise-original', payload: { originalId } });
  });

  it('keeps both contexts when the same bytes come into another collection', async () => {
    await put('shared.jpg', await picture());
    const first = await ingest(await place.collection('First'));
    const second = await ingest(await place.collection('Second'));
    expect(second.answers[0]?.answer).toMatchObject({
      outcome: 'received',
      sameBytesAs: { itemId: first.answers[0]?.answer.itemId },
    });
    expect(second.answers[0]?.answer.itemId).not.toBe(first.answers[0]?.answer.itemId);
  });

  it('continues the same accession after an interruption, with files that came since', async () => {
    for (const name of ['1.jpg', '2.jpg', '3.jpg']) await put(name, await picture());
    const collectionId = await place.collection('Interrupted');
    const stop = new AbortController();
    const first = await ingest(collectionId, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(first).toMatchObject({ interrupted: true, resumed: false });
    expect(first.answers).toHaveLength(1);
    await put('4.jpg', await picture());
    const second = await ingest(collectionId);
    expect(second).toMatchObject({ accessionId: first.accessionId, resumed: true, interrupted: false });
    expect(second.answers.map(({ path }) => path)).toEqual(['2.jpg', '3.jpg', '4.jpg']);
    const view = await readAccession(place.bench, first.accessionId);
    expect(view).toMatchObject({ status: 'closed', totals: { total: 4, received: 4 } });
  });

  it('keeps the order of the files in the collection, also over accessions', async () => {
    for (const name of ['b.jpg', 'a.jpg']) await put(name, await picture());
    const collectionId = await place.collection('Order');
    await ingest(collectionId);
    await put('c.jpg', await picture());
    await rm(join(folder, 'a.jpg'));
    await rm(join(folder, 'b.jpg'));
    await ingest(collectionId);
    const rows = await place.bench.database.read.query(
      'select file_name, ordinal from item where collection_id = $1 order by ordinal',
      [collectionId],
    );
    expect(rows.map((row: { file_name: string }) => row.file_name)).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
  });

  it('says what is wrong with a folder', async () => {
    const collectionId = await place.collection('No folder');
    await expect(ingest(collectionId)).rejects.toMatchObject({ code: 'accession.no-files' });
    const missing = new IngestFolder(place.bench).execute(operator, { folder: join(folder, 'none'), collectionId });
    await expect(missing).rejects.toMatchObject({ code: 'accession.folder-missing' });
  });
});

describe('Receiving a file', () => {
  it('answers the same outcome when it is repeated, and writes nothing twice', async () => {
    const bytes = await picture();
    const path = await put('same.jpg', bytes);
    const { files } = await plan(await place.collection('Repeat'), { name: 'same.jpg', bytes: bytes.length });
    const fileId = files[0]!.id;
    const first = await receive(fileId, path);
    const before = [await count('item'), await count('audit_entry')];
    expect(await receive(fileId, path)).toEqual({ ...first, repeated: true });
    expect([await count('item'), await count('audit_entry')]).toEqual(before);
  });

  it('completes after a crash between object and rows: the same object, once', async () => {
    const bytes = await picture();
    const path = await put('crash.jpg', bytes);
    const { files } = await plan(await place.collection('Crash'), { name: 'crash.jpg', bytes: bytes.length });
    const { database } = place.bench;
    const dying = {
      ...place.bench,
      database: Object.assign(Object.create(database) as typeof database, {
        change: () => Promise.reject(new Error('killed before the change')),
      }),
    };
    const attempt = new ReceiveOriginal(dying).execute(operator, { fileId: files[0]!.id, path });
    await expect(attempt).rejects.toThrow('killed');
    const answer = await receive(files[0]!.id, path);
    expect(answer.outcome).toBe('received');
    const found: string[] = [];
    for await (const record of place.bench.store.originals.records()) {
      if (record.fileId === files[0]!.id) found.push(record.originalId);
    }
    expect(found).toEqual([answer.originalId]);
  });

  it('makes one of two equal files that arrive at once the duplicate of the other', async () => {
    const bytes = await picture();
    const path = await put('twins.jpg', bytes);
    const twin = (name: string) => ({ name, bytes: bytes.length });
    const { files } = await plan(await place.collection('Twins'), twin('left.jpg'), twin('right.jpg'));
    const answers = await Promise.all(files.map((file) => receive(file.id, path)));
    expect(answers.map((answer) => answer.outcome).sort()).toEqual(['duplicate', 'received']);
  });

  it('answers the same to two doors that receive the same file at once', async () => {
    const bytes = await picture();
    const path = await put('both.jpg', bytes);
    const { files } = await plan(await place.collection('Both'), { name: 'both.jpg', bytes: bytes.length });
    const [left, right] = await Promise.all([receive(files[0]!.id, path), receive(files[0]!.id, path)]);
    expect([left?.repeated, right?.repeated].sort()).toEqual([false, true]);
    expect({ ...left, repeated: null }).toEqual({ ...right, repeated: null });
  });

  it('keeps the planned order however the uploads arrive', async () => {
    const collectionId = await place.collection('Any order');
    const names = ['1.jpg', '2.jpg', '3.jpg'];
    const contents = await Promise.all(names.map(() => picture()));
    const { files } = await plan(collectionId, ...names.map((name, i) => ({ name, bytes: contents[i]!.length })));
    for (const index of [2, 0, 1]) {
      await receive(files[index]!.id, await put(names[index]!, contents[index]!));
    }
    const rows = await place.bench.database.read.query(
      'select file_name from item where collection_id = $1 order by ordinal',
      [collectionId],
    );
    expect(rows.map((row: { file_name: string }) => row.file_name)).toEqual(names);
  });

  it('refuses a file that is not as long as announced', async () => {
    const bytes = await picture();
    const path = await put('short.jpg', bytes);
    const { files } = await plan(await place.collection('Short'), { name: 'short.jpg', bytes: bytes.length });
    await truncate(path, bytes.length - 10);
    const answer = await receive(files[0]!.id, path);
    expect(answer).toMatchObject({ outcome: 'refused', reason: { code: 'file.size-mismatch' } });
    expect(await actionsOf(files[0]!.id)).toEqual(['file.refused']);
  });

  it('does not take a full disk for an outcome: the file waits and is received later', async () => {
    const bytes = await picture();
    const path = await put('full.jpg', bytes);
    const { files } = await plan(await place.collection('Full'), { name: 'full.jpg', bytes: bytes.length });
    const { store } = place.bench;
    const { refuse } = await import('@albumen/domain');
    const full = Object.assign(Object.create(store.originals) as typeof store.originals, {
      keep: () => Promise.reject(refuse('storage.full')),
    });
    const bench = { ...place.bench, store: { ...store, originals: full } };
    const attempt = new ReceiveOriginal(bench).execute(operator, { fileId: files[0]!.id, path });
    await expect(attempt).rejects.toMatchObject({ code: 'storage.full' });
    expect((await receive(files[0]!.id, path)).outcome).toBe('received');
  });

  it('is refused to whoever may not, and for files that are not planned', async () => {
    const job: Actor = { kind: 'job', name: 'characterise-original', id: 'x' };
    const attempt = new ReceiveOriginal(place.bench).execute(job, { fileId: operator.id, path: folder });
    await expect(attempt).rejects.toMatchObject({ code: 'access.person-needed' });
    await expect(receive(operator.id, folder)).rejects.toMatchObject({ code: 'accession.file-not-found' });
  });
});

describe('Planning, closing, cancelling', () => {
  it('answers the same accession to the same key of the same person', async () => {
    const collectionId = await place.collection('Key');
    const body = { collectionId, note: '', files: [{ name: 'a', path: 'a', bytes: 1 }], idempotencyKey: 'k1' };
    const first = await new PlanAccession(place.bench).execute(operator, body);
    expect(await new PlanAccession(place.bench).execute(operator, body)).toEqual({ ...first, repeated: true });
    const other = await place.person('Someone Else', 'operator');
    expect((await new PlanAccession(place.bench).execute(other, body)).accessionId).not.toBe(first.accessionId);
  });

  it('refuses a name that is no text, in its own row', async () => {
    const { files } = await plan(
      await place.collection('Names'),
      { name: 'a\ud800.jpg', bytes: 1 },
      { name: 'b\0', bytes: 1 },
    );
    expect(files.map((file) => file.reason?.code)).toEqual(['file.name-unusable', 'file.name-unusable']);
  });

  it('closes only when every file has its outcome, and takes no more then', async () => {
    const bytes = await picture();
    const path = await put('last.jpg', bytes);
    const { accessionId, files } = await plan(await place.collection('Close'), {
      name: 'last.jpg',
      bytes: bytes.length,
    });
    const close = () => new CloseAccession(place.bench).execute(operator, accessionId);
    await expect(close()).rejects.toMatchObject({ code: 'accession.files-waiting', details: { waiting: 1 } });
    await receive(files[0]!.id, path);
    await close();
    await close();
    expect(await actionsOf(accessionId)).toEqual(['accession.planned', 'accession.closed']);
  });

  it('refuses what still waits when it is cancelled, and keeps what was received', async () => {
    const bytes = await picture();
    const path = await put('kept.jpg', bytes);
    const two = [
      { name: 'kept.jpg', bytes: bytes.length },
      { name: 'never.jpg', bytes: 5 },
    ];
    const { accessionId, files } = await plan(await place.collection('Cancel'), ...two);
    await receive(files[0]!.id, path);
    expect(await new CancelAccession(place.bench).execute(operator, accessionId)).toEqual({ refused: 1 });
    const after = (await readAccessionFiles(place.bench, accessionId)).rows;
    expect(after.map((file) => file.reason?.code ?? file.outcome)).toEqual(['received', 'accession.cancelled']);
    expect((await receive(files[1]!.id, path)).outcome).toBe('refused');
  });
});
