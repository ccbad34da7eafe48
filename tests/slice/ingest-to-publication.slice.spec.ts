import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCollection } from '@albumen/contracts';
import { canonicalJson, emptyDescription, type PersonActor } from '@albumen/domain';
import {
  AskPreview,
  ChangeAcceptance,
  ClaimReview,
  CreateCollection,
  DecideReview,
  DescribeItem,
  IngestFolder,
  PublishItem,
  readDesk,
  readItem,
  readPublicationCheck,
  readReceipt,
  WithdrawItem,
  type IngestResult,
} from '@albumen/workflow';
import { root, Stage } from './stage.js';

const rights = 'http://creativecommons.org/publicdomain/zero/1.0/';
const samples = join(root, 'samples');
const oddName = (await readdir(join(samples, 'odd-names')))[0] ?? '';
const photograph = '02-house.jpg';

let stage: Stage;
let folder: string;
let operator: PersonActor;
let curator: PersonActor;
let archivist: PersonActor;
let collectionId: string;
let ingested: IngestResult;
let itemId: string;
let reviewId: string;
let previewed: { use: string; sha256: string }[];

const derivatives = (variant: string): Promise<{ use: string; sha256: string }[]> =>
  stage.rows('select use, sha256 from derivative where variant like $1 order by use', [variant]);

/** One way, in the order of the story: every step stands on the one before. */
describe('from a folder to a published photograph and back', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    stage = await Stage.open();
    folder = await mkdtemp(join(tmpdir(), 'albumen-slice-folder-'));
    await cp(join(samples, 'not-ok'), join(folder, 'not-ok'), { recursive: true });
    await copyFile(join(samples, 'aged', photograph), join(folder, photograph));
    await copyFile(join(samples, 'aged', photograph), join(folder, 'the-same-again.jpg'));
    await copyFile(join(samples, 'odd-names', oddName), join(folder, oddName));
    await mkdir(join(folder, '.hidden'));
    operator = await stage.person('Phạm Hòa', 'operator', 'command-line');
    curator = await stage.person('Nguyễn Thị Lan', 'curator');
    archivist = await stage.person('Đỗ Thu Hà', 'archivist');
  }, 120_000);
  afterAll(async () => {
    await stage?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('takes a folder in: every file has its outcome and bad ones stop nothing', async () => {
    const title = { vi: 'Hộp 12', en: 'Box 12' };
    ({ id: collectionId } = await new CreateCollection(stage.bench).execute(
      archivist,
      createCollection.parse({ title }),
    ));
    ingested = await new IngestFolder(stage.bench).execute(operator, { folder, collectionId });
    const outcomes = new Map(ingested.answers.map(({ path, answer }) => [path, answer]));
    expect(outcomes.get(photograph)).toMatchObject({ outcome: 'received' });
    expect(outcomes.get('the-same-again.jpg')).toMatchObject({ outcome: 'duplicate' });
    expect(outcomes.get(oddName)).toMatchObject({ outcome: 'received' });
    const bad = await readdir(join(samples, 'not-ok'));
    expect(bad.length).toBeGreaterThan(3);
    for (const name of bad) {
      const answer = outcomes.get(`not-ok/${name}`);
      expect(answer, name).toMatchObject({ outcome: 'refused' });
      expect(answer?.reason?.code, name).toMatch(/^file\./);
    }
    itemId = outcomes.get(photograph)?.itemId ?? '';
  });

  it('keeps exactly the bytes that came', async () => {
    const [row] = await stage.rows<{ storage_key: string; sha256: string }>(
      'select storage_key, sha256 from original where item_id = $1',
      [itemId],
    );
    const wanted = await readFile(join(folder, photograph));
    expect(row?.sha256).toBe(createHash('sha256').update(wanted).digest('hex'));
    await using kept = await stage.bench.store.originals.local(row?.storage_key ?? '');
    expect((await readFile(kept.path)).equals(wanted)).toBe(true);
    expect(basename(kept.path)).toBe('original.jpg');
  });

  it('characterises, makes a pyramid, measures damage, proposes', async () => {
    const done = await stage.drain();
    expect(done.every(({ outcome }) => outcome.outcome === 'done')).toBe(true);
    expect(done.map(({ job }) => job.name)).toEqual(
      expect.arrayContaining([
        'characterise-original',
        'make-derivatives',
        'assess-damage',
        'propose-restoration',
        'restore-original',
      ]),
    );
    const [review] = await stage.rows<{ id: string; state: string }>(
      'select id, state from review where item_id = $1',
      [itemId],
    );
    expect(review?.state).toBe('open');
    reviewId = review?.id ?? '';
    const desk = await readDesk(stage.bench, curator, reviewId);
    expect(desk.regions.length).toBeGreaterThan(1);
    expect(desk.numbers.replacedShare).toBeGreaterThan(0);
    expect(desk.variants.length).toBeGreaterThan(1);
  });

  it('does every job once more without effect', async () => {
    const before = await stage.census();
    const again = await stage.replay();
    expect(again.map(({ outcome }) => outcome.outcome)).toEqual(again.map(() => 'skipped'));
    expect(await stage.drain()).toEqual([]);
    expect(await stage.census()).toEqual(before);
  });

  it('is described, and not published without rights or a decision', async () => {
    const item = await readItem(stage.bench, itemId);
    await expect(new PublishItem(stage.bench).execute(curator, itemId)).rejects.toMatchObject({
      code: 'publication.rules-not-met',
    });
    const body = {
      ...emptyDescription,
      title: { vi: 'Ngôi nhà mái ngói', en: 'The tiled house' },
      dateAsWritten: 'khoảng năm 1935',
      edtf: '1935~',
      people: ['Nguyễn Văn An'],
      places: ['Hà Nội'],
      alternativeText: { vi: 'Một ngôi nhà mái ngói', en: 'A house with a tiled roof' },
      rights,
    };
    const saved = await new DescribeItem(stage.bench).execute(operator, itemId, {
      fromVersion: item.description.version,
      body: { ...body, people: [...body.people], places: [...body.places] },
    });
    expect(saved.version).toBe(item.description.version + 1);
    const [leaf] = await stage.rows<{ text: string }>(
      "select after::text as text from audit_entry where action = 'item.described' and item_id = $1",
      [itemId],
    );
    expect(leaf?.text).not.toContain('Nguyễn Văn An');
  });

  it('is reviewed region by region by somebody who did not ask for it', async () => {
    const decide = new DecideReview(stage.bench);
    await expect(new ClaimReview(stage.bench).execute(operator, reviewId)).rejects.toMatchObject({
      code: 'access.forbidden',
    });
    await new ClaimReview(stage.bench).execute(curator, reviewId);
    const desk = await readDesk(stage.bench, curator, reviewId);
    const [first, second] = desk.regions;
    await new ChangeAcceptance(stage.bench).execute(curator, desk.restoration.id, {
      shown: desk.shown,
      regions: [
        { ordinal: first?.ordinal ?? 0, acceptance: 'rejected' },
        { ordinal: second?.ordinal ?? 0, acceptance: 'accepted' },
      ],
      layers: [],
    });
    const look = new AskPreview(stage.bench);
    const restorationId = desk.restoration.id;
    expect(await look.execute(curator, { restorationId })).toMatchObject({ ready: false });
    const done = await stage.drain();
    expect(done.map(({ job, outcome }) => [job.name, outcome.outcome])).toEqual([['preview-accepted', 'done']]);
    expect(await look.execute(curator, { restorationId })).toMatchObject({ ready: true });
    previewed = await derivatives('preview-%');
    stage.wait(1);
    const { shown } = await readDesk(stage.bench, curator, reviewId);
    await decide.execute(curator, reviewId, { shown, decision: 'approve', note: '' });
    await expect(decide.execute(curator, reviewId, { shown, decision: 'approve', note: '' })).rejects.toMatchObject({
      code: 'review.already-decided',
    });
    const after = await readDesk(stage.bench, curator, reviewId);
    expect(after.regions.find(({ ordinal }) => ordinal === first?.ordinal)?.acceptance).toBe('rejected');
    expect(after.regions.filter(({ acceptance }) => acceptance === 'undecided')).toEqual([]);
  });

  it('composes what was accepted, and again without effect', async () => {
    const done = await stage.drain();
    expect(done.map(({ job, outcome }) => [job.name, outcome.outcome])).toEqual([['compose-accepted', 'done']]);
    const before = await stage.census();
    const again = await stage.replay();
    expect(new Set(again.map(({ outcome }) => outcome.outcome))).toEqual(new Set(['skipped']));
    expect(await stage.census()).toEqual(before);
    const desk = await readDesk(stage.bench, curator, reviewId);
    expect(desk.composite).not.toBeNull();
    // What was looked at is what was approved: the same bytes, and a receipt that names them.
    expect(previewed.map(({ use }) => use)).toEqual(['change-map', 'master', 'pyramid']);
    expect(await derivatives('composite')).toEqual(previewed);
    expect(await derivatives('preview-%')).toEqual([]);
    const { file } = await readReceipt(stage.bench, desk.restoration.id);
    expect(file.receipt.output.sha256).toBe(previewed.find(({ use }) => use === 'master')?.sha256);
    expect(file.receipt.accepted?.regions).not.toContain(desk.regions[0]?.ordinal);
    expect(stage.bench.database.signer.verifyText(canonicalJson(file.receipt), file.signature?.value ?? '')).toBe(true);
  });

  it('is published: the stored manifest is the one that was hashed, with both pictures and the treatment named', async () => {
    const check = await readPublicationCheck(stage.bench, itemId);
    expect(check.rules.filter(({ met }) => !met)).toEqual([]);
    expect(await new PublishItem(stage.bench).execute(curator, itemId)).toEqual({ number: 1 });
    const [row] = await stage.rows<{ manifest_key: string; manifest_sha256: string; manifest_bytes: string }>(
      'select manifest_key, manifest_sha256, manifest_bytes from publication where item_id = $1',
      [itemId],
    );
    const bytes = await stage.bench.store.derivatives.readBytes(row?.manifest_key ?? '');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(row?.manifest_sha256);
    expect(bytes.length).toBe(Number(row?.manifest_bytes));
    const manifest = JSON.parse(new TextDecoder().decode(bytes)) as Manifest;
    expect(manifest['@context']).toBe('http://iiif.io/api/presentation/3/context.json');
    expect(manifest.id).toBe(`https://photographs.example/iiif/manifest/${itemId}`);
    expect(manifest.rights).toBe(rights);
    expect(manifest.label['vi']?.[0]).toBe('Ngôi nhà mái ngói');
    expect(JSON.stringify(manifest.requiredStatement)).toMatch(/restor|phục chế/i);
    expect(manifest.seeAlso?.length).toBeGreaterThan(0);
    const painted = manifest.items[0]?.items[0]?.items[0]?.body;
    expect(painted?.type).toBe('Choice');
    expect(painted?.items).toHaveLength(2);
  });

  it('is withdrawn with a reason and stays withdrawn', async () => {
    stage.wait(5);
    await new WithdrawItem(stage.bench).execute(archivist, itemId, { reason: 'The family asked for it' });
    const item = await readItem(stage.bench, itemId);
    expect(item.state).toBe('withdrawn');
    expect(item.publication?.withdrawn?.reason).toBe('The family asked for it');
  });

  it('has an audit log that holds, one entry for every act', async () => {
    await stage.bench.database.audit.sign();
    const verdict = await stage.bench.database.audit.verify();
    expect(verdict).toMatchObject({ ok: true, firstBad: null });
    expect(verdict.anchored).toBe(verdict.entries);
    const actions = await stage.rows<{ action: string; n: number }>(
      'select action, count(*)::int as n from audit_entry group by action',
    );
    const count = Object.fromEntries(actions.map(({ action, n }) => [action, n]));
    const refused = (await readdir(join(samples, 'not-ok'))).length;
    expect(count).toMatchObject({
      'collection.created': 1,
      'accession.planned': 1,
      'accession.closed': 1,
      'file.refused': refused,
      'file.duplicate': 1,
      'original.received': 2,
      'original.characterised': 2,
      'original.damage-assessed': 2,
      'item.described': 1,
      'review.approved': 1,
      'restoration.approved': 1,
      'restoration.composed': 1,
      'publication.published': 1,
      'publication.withdrawn': 1,
    });
  });

  it('names the first bad entry after a row was edited by hand', async () => {
    const [victim] = await stage.rows<{ seq: string }>(
      "select seq from audit_entry where action = 'review.approved' limit 1",
    );
    const client = new pg.Client({ connectionString: stage.databaseUrl });
    await client.connect();
    try {
      await expect(client.query('delete from original where item_id = $1', [itemId])).rejects.toThrow();
      await client.query('alter table audit_entry disable trigger all');
      await client.query("update audit_entry set actor_id = 'somebody-else' where seq = $1", [victim?.seq]);
      await client.query('alter table audit_entry enable trigger all');
    } finally {
      await client.end();
    }
    const verdict = await stage.bench.database.audit.verify();
    expect(verdict.ok).toBe(false);
    expect(verdict.firstBad?.seq).toBe(Number(victim?.seq));
    expect(verdict.firstBad?.fault).toMatch(/changed/);
  });
});

interface Manifest {
  readonly '@context': string;
  readonly id: string;
  readonly rights: string;
  readonly label: Readonly<Record<string, readonly string[]>>;
  readonly requiredStatement: unknown;
  readonly seeAlso?: readonly unknown[];
  readonly items: readonly {
    readonly items: readonly {
      readonly items: readonly { readonly body: { readonly type: string; readonly items?: readonly unknown[] } }[];
    }[];
  }[];
}
