import pg from 'pg';
import { afterAll, expect, it } from 'vitest';
import { startPostgres } from './postgres.js';

const postgres = await startPostgres();
afterAll(() => postgres.stop());

it('answers a database of its own for every request, also under the same name', async () => {
  const [one, other] = await Promise.all([postgres.createDatabase('Tests-1'), postgres.createDatabase('Tests-1')]);
  expect(one).not.toBe(other);
  const client = new pg.Client({ connectionString: one });
  await client.connect();
  const { rows } = await client.query<{ encoding: string }>('SHOW server_encoding');
  expect(rows[0]).toEqual({ server_encoding: 'UTF8' });
  await client.end();
});
