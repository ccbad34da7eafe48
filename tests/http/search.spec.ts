import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { itemPage, publicPage } from '@albumen/contracts';
import { HttpStage } from './http-stage.js';

/** Items and publications written straight into the tables: plans are chosen by how many rows there are. */
const many = 20_000;
let stage: HttpStage;
let collections: string[];
beforeAll(async () => {
  stage = await HttpStage.open();
  collections = [await stage.collection('First'), await stage.collection('Second'), await stage.collection('Third')];
  const [person] = await stage.rows<{ id: string }>('select id from person limit 1');
  await stage.bench.database.keepBooks(async (manager) => {
    const accession = '11111111-0000-4000-8000-000000000001';
    await manager.query(
      `insert into accession (id, collection_id, door, created_by, created_at) values ($1, $2, 'web', $3, now())`,
      [accession, collections[0], person?.id],
    );
    await manager.query(
      `insert into item (id, collection_id, accession_id, object_id, ordinal, file_name, search, created_at)
       select gen_random_uuid(), ($1::uuid[])[1 + n % 2], $2, 'object ' || n, n, n || '.jpg',
              md5(n::text) || case when n % 4000 = 1 then ' cầu long biên' when n = 2 then ' long_b' else '' end, now()
         from generate_series(1, ${many}) n`,
      [collections, accession],
    );
    await manager.query(
      `insert into publication (id, item_id, number, manifest_key, manifest_sha256, manifest_bytes, view, published_by, published_at)
       select gen_random_uuid(), id, 1, 'k', 's', 1, jsonb_build_object('search', search), $1, now() from item`,
      [person?.id],
    );
    await manager.query('analyze item');
    await manager.query('analyze publication');
  });
});
afterAll(() => stage?.close());

/** Runs work and answers the plans of the searches in it, as PostgreSQL explains them. */
async function plansOf(work: () => Promise<unknown>): Promise<string[]> {
  const { read } = stage.bench.database;
  const query = vi.spyOn(read, 'query');
  await work();
  const searches = query.mock.calls.filter(([sql]) => sql.includes(' like '));
  query.mockRestore();
  const plans: string[] = [];
  for (const [sql, values] of searches)
    plans.push(JSON.stringify(await read.query(`explain ${sql}`, values as unknown[])));
  return plans;
}

describe('a search at the desk', () => {
  const find = (q: string) => stage.read(itemPage, `/api/items?q=${encodeURIComponent(q)}`, { as: 'operator' });

  it('looks through every collection in one query, by an index', async () => {
    const plans = await plansOf(() => find('Long Biên'));
    expect(plans).toHaveLength(1);
    expect(plans[0]).toContain('item_search');
    expect(plans[0]).not.toContain('Seq Scan on item ');
  });

  it('finds every word of it, collection by collection in their order, and counts all', async () => {
    await stage.bench.database.keepBooks((manager) =>
      manager.query(`update item set search = 'cau long bien' where ordinal in (10, 11, 12)`),
    );
    const page = await find('bien CẦU');
    expect(page).toMatchObject({ next: null, total: 3 });
    expect(page.rows.map((row) => [row.collectionId, row.ordinal])).toEqual([
      [collections[0], 10],
      [collections[0], 12],
      [collections[1], 11],
    ]);
    expect(await find('nothing of this kind')).toEqual({ rows: [], next: null, total: 0 });
    expect(await find(' ')).toEqual({ rows: [], next: null, total: 0 });
    // What a pattern would read as any letter is meant as it is written.
    expect((await find('long_b')).rows.map((row) => row.ordinal)).toEqual([2]);
  });

  it('shows 24 of a collection at most', async () => {
    await stage.bench.database.keepBooks((manager) =>
      manager.query(`update item set search = 'bamboo' where ordinal between 101 and 180 and ordinal % 2 = 0`),
    );
    const page = await find('bamboo');
    expect(page.total).toBe(40);
    expect(page.rows).toHaveLength(24);
  });

  it('in one collection still keeps its order and pages', async () => {
    const page = await stage.read(itemPage, `/api/collections/${collections[0]}/items?q=bamboo&limit=10`, {
      as: 'operator',
    });
    expect(page.total).toBe(40);
    expect(page.rows.map((row) => row.ordinal)).toEqual(Array.from({ length: 10 }, (_, n) => 102 + 2 * n));
    const next = await stage.read(
      itemPage,
      `/api/collections/${collections[0]}/items?q=bamboo&limit=10&cursor=${page.next ?? ''}`,
      { as: 'operator' },
    );
    expect(next.rows[0]?.ordinal).toBe(122);
  });
});

describe('a search of the public', () => {
  it('is answered by an index, too', async () => {
    const plans = await plansOf(async () => {
      const response = await stage.ask('/api/public/photographs?q=xqz%20vqx');
      expect(publicPage.parse(await response.json())).toMatchObject({ rows: [], total: 0 });
    });
    expect(plans).toHaveLength(2);
    for (const plan of plans) expect(plan).toContain('publication_search');
  });
});
