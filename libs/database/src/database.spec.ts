import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditActions, type Actor, type LogFiles, type NextSteps } from '@albumen/domain';
import { migrations } from '@albumen/migrations';
import { startPostgres, type TestPostgres } from '../../../tests/support/postgres.js';
import { hashLeaf, rootFromPath } from './audit/merkle.js';
import { Database, NothingToChange, OriginalRecord, OutboxRecord, PersonRecord, relayOutbox } from './index.js';
import { records } from './records/index.js';

const steps = Object.fromEntries(auditActions.map((action) => [action, []])) as unknown as NextSteps;
const nextSteps: NextSteps = {
  ...steps,
  'original.received': [(originalId) => ({ name: 'characterise-original', payload: { originalId } })],
};
const actor: Actor = { kind: 'person', id: randomUUID(), roles: ['curator'], door: 'web' };

let postgres: TestPostgres;
let folder: string;
let url: string;
let database: Database;

const filesIn = (root: string): LogFiles => ({
  async write(path, bytes) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), bytes);
  },
  read: (path) =>
    readFile(join(root, path)).then(
      (bytes) => new Uint8Array(bytes),
      () => undefined,
    ),
});

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'albumen-database-'));
  url = await postgres.createDatabase('database');
  database = await Database.open({
    url,
    migrations,
    nextSteps,
    clock: { now: () => new Date() },
    software: { name: 'albumen', version: '0.0.0' },
    log: filesIn(folder),
    keysDir: join(folder, 'keys'),
    origin: 'albumen.test/log',
  });
  await database.migrate();
  return async () => {
    await database.close();
    await rm(folder, { recursive: true });
  };
});

/** Records `count` entries, one change each. */
async function entries(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await database.change(actor, async (change) =>
      change.record({
        action: 'collection.changed',
        subject: randomUUID(),
        before: { n: i },
        after: { n: i + 1, title: { vi: 'Ảnh cưới' } },
      }),
    );
  }
}

/** A connection of somebody who goes round the program, with the triggers off. */
async function byHand(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('set session_replication_role = replica');
  await client.query(sql);
  await client.end();
}

describe('the schema', () => {
  it('has exactly the columns of the entities', async () => {
    for (const record of records) {
      const meta = database.read.getMetadata(record);
      const rows: { column_name: string; is_nullable: string }[] = await database.read.query(
        `select column_name, is_nullable from information_schema.columns where table_name = $1`,
        [meta.tableName],
      );
      expect(
        Object.fromEntries(rows.map((row) => [row.column_name, row.is_nullable === 'YES'])),
        meta.tableName,
      ).toEqual(Object.fromEntries(meta.columns.map((column) => [column.databaseName, column.isNullable])));
    }
  });

  it('refuses to change, delete or truncate audit entries', async () => {
    await entries(1);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const sql of [
      `update audit_entry set actor_id = 'x'`,
      'delete from audit_entry',
      'truncate audit_entry',
      'truncate original cascade',
    ]) {
      await expect(client.query(sql), sql).rejects.toThrow(/never change/);
    }
    await client.end();
  });

  it('refuses to write through the reading connections', async () => {
    await expect(
      database.read
        .getRepository(PersonRecord)
        .insert({ id: randomUUID(), subject: 's', name: 'n', email: null, createdAt: new Date() }),
    ).rejects.toThrow(/read-only/);
  });
});

describe('a change', () => {
  it('fails where nothing was recorded, and leaves nothing behind', async () => {
    const id = randomUUID();
    await expect(
      database.change(
        actor,
        async (change) =>
          void (await change.manager.insert(PersonRecord, {
            id,
            subject: 's',
            name: 'n',
            email: null,
            createdAt: change.now,
          })),
      ),
    ).rejects.toThrow(/at least one audit entry/);
    expect(await database.read.getRepository(PersonRecord).countBy({ id })).toBe(0);
  });

  it('writes rows, entry and following jobs together, or none of them', async () => {
    await expect(
      database.change(actor, async (change) => {
        change.record({ action: 'original.received', subject: randomUUID() });
        await change.manager.insert(OriginalRecord, { id: 'no uuid' } as never);
      }),
    ).rejects.toThrow();
    expect(await database.read.query('select 1 from audit_entry')).toHaveLength(0);
    const subject = randomUUID();
    await database.change(actor, async (change) => change.record({ action: 'original.received', subject }));
    const [job] = await database.read.getRepository(OutboxRecord).find();
    expect(job).toMatchObject({ job: 'characterise-original', payload: { originalId: subject }, relayedAt: null });
  });

  it('refuses an entry that no bundle of the log could hold', async () => {
    const said = database.change(actor, async (change) =>
      change.record({ action: 'item.described', subject: randomUUID(), after: 'x'.repeat(70_000) }),
    );
    await expect(said).rejects.toThrow(/at most 65535 bytes/);
  });

  it('answers the value of a change that found nothing to do', async () => {
    expect(
      await database.change(actor, async () => {
        throw new NothingToChange('already there');
      }),
    ).toBe('already there');
    expect(await database.read.query('select 1 from audit_entry')).toHaveLength(0);
  });

  it('numbers entries without a gap under concurrent writers', async () => {
    await Promise.all(Array.from({ length: 24 }, () => entries(2)));
    const rows: { seq: string }[] = await database.read.query('select seq from audit_entry order by seq');
    expect(rows.map((row) => Number(row.seq))).toEqual(Array.from({ length: 48 }, (_, i) => i));
    expect((await database.audit.verify()).ok).toBe(true);
  });

  it('relays each outbox row once, also with two relays at work', async () => {
    for (let i = 0; i < 5; i++)
      await database.change(actor, async (change) =>
        change.record({ action: 'original.received', subject: randomUUID() }),
      );
    const added: string[] = [];
    const queue = { add: async (id: string) => void added.push(id), depth: async () => [], close: async () => {} };
    await Promise.all([relayOutbox(database, queue, 3), relayOutbox(database, queue, 3)]);
    await relayOutbox(database, queue);
    expect(added).toHaveLength(5);
    expect(new Set(added).size).toBe(5);
    expect(await relayOutbox(database, queue)).toBe(0);
  });
});

describe('the audit log', () => {
  it('proves every entry against a signed checkpoint that a stranger can check, across tile borders', async () => {
    await entries(3);
    await database.audit.sign();
    await database.change(actor, async (change) => {
      for (let i = 0; i < 600; i++) change.record({ action: 'item.described', subject: randomUUID(), after: { i } });
    });
    const checkpoint = await database.audit.sign();
    expect(checkpoint?.size).toBe(603);
    const text = database.signer.openNote(checkpoint!.note)!;
    const root = text.split('\n')[2]!;
    for (const seq of [0, 2, 3, 255, 256, 511, 512, 602]) {
      const proof = await database.audit.proof(seq);
      expect(
        Buffer.from(
          rootFromPath(hashLeaf(new TextEncoder().encode(proof.leaf)), seq, proof.treeSize, proof.path)!,
        ).toString('base64'),
        String(seq),
      ).toBe(root);
    }
    expect(await database.audit.verify()).toMatchObject({ ok: true, entries: 603, anchored: 603 });
  });

  const tampering: [string, string, number, RegExp][] = [
    [
      'an edited column',
      `update audit_entry set actor_id = 'someone else' where seq = 4`,
      4,
      /content no longer matches/,
    ],
    [
      'an edited value inside after',
      `update audit_entry set after = '{"n": 99}' where seq = 5`,
      5,
      /content no longer matches/,
    ],
    ['a removed entry', 'delete from audit_entry where seq = 6', 6, /is missing/],
    ['a removed last entry', 'delete from audit_entry where seq = 9', 9, /is missing/],
    [
      'two entries that changed places',
      'update audit_entry set seq = case seq when 2 then 1003 else 2 end where seq in (2, 3); update audit_entry set seq = 3 where seq = 1003',
      2,
      /content no longer matches/,
    ],
  ];
  it.each(tampering)('names the first bad entry after %s', async (_, sql, seq, fault) => {
    await entries(10);
    await database.audit.sign();
    await byHand(sql);
    const verdict = await database.audit.verify();
    expect(verdict.ok).toBe(false);
    expect(verdict.firstBad?.seq).toBe(seq);
    expect(verdict.firstBad?.fault).toMatch(fault);
  });

  it('finds an entry that was edited together with its hash', async () => {
    await entries(10);
    await database.audit.sign();
    const { AuditEntryRecord } = await import('./records/index.js');
    const { hashOfRow } = await import('./audit/leaf.js');
    const row = await database.read
      .getRepository(AuditEntryRecord)
      .createQueryBuilder('e')
      .where('e.seq = 7')
      .getOneOrFail();
    row.actorId = 'someone else';
    await byHand(
      `update audit_entry set actor_id = 'someone else', leaf_hash = '\\x${Buffer.from(hashOfRow(row)).toString('hex')}' where seq = 7`,
    );
    expect((await database.audit.verify()).firstBad).toMatchObject({
      seq: 7,
      fault: expect.stringMatching(/together with its hash/),
    });
  });

  it('finds a log whose rows, hashes and tiles were all rewritten', async () => {
    await entries(4);
    await database.audit.sign();
    await entries(4);
    await database.audit.sign();
    const { AuditEntryRecord } = await import('./records/index.js');
    const { hashOfRow } = await import('./audit/leaf.js');
    const row = await database.read
      .getRepository(AuditEntryRecord)
      .createQueryBuilder('e')
      .where('e.seq = 5')
      .getOneOrFail();
    row.door = 'command-line';
    const hash = Buffer.from(hashOfRow(row));
    await byHand(
      `update audit_entry set door = 'command-line', leaf_hash = '\\x${hash.toString('hex')}' where seq = 5`,
    );
    const tile = join(folder, 'tile/0/000.p/8');
    const bytes = await readFile(tile);
    hash.copy(bytes, 5 * 32);
    await writeFile(tile, bytes);
    expect((await database.audit.verify()).firstBad).toMatchObject({
      seq: 4,
      fault: expect.stringMatching(/entries 4 to 7 was replaced/),
    });
  });

  it('keeps no personal value in a leaf when it was veiled, and veils the same value the same way', () => {
    expect(database.veil('Nguyễn Thị Lan')).toMatch(/^salted:[0-9a-f]{64}$/);
    expect(database.veil('Nguyễn Thị Lan')).toBe(database.veil('Nguyễn Thị Lan'));
    expect(database.veil('')).toBe('');
  });
});
