import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { models } from '../../apps/cli/src/commands/models.js';
import { runCommand, type CommandAnswer } from '../../apps/cli/src/treat/testing/run-command.js';
import { startPostgres } from '../support/postgres.js';
import { layQuarantined } from '../support/quarantined-model.js';

const postgres = await startPostgres();
let folder: string;
let databaseUrl: string;
const call = (more: Readonly<Record<string, string>>, ...args: string[]): Promise<CommandAnswer> =>
  runCommand(models, args, {
    ALBUMEN_DATA: join(folder, 'data'),
    ALBUMEN_DATABASE_URL: databaseUrl,
    XDG_CONFIG_HOME: join(folder, 'settings'),
    ...more,
  });
const terms = ['--licence', 'MIT', '--level', '2'];

async function entries(): Promise<readonly object[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ entry: object }>(
    `select to_jsonb(audit_entry) as entry from audit_entry where action like 'model.%' order by seq`,
  );
  await client.end();
  return rows.map(({ entry }) => entry);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'albumen-models-by-command-'));
  databaseUrl = await postgres.createDatabase('models-by-command');
  await layQuarantined(join(folder, 'data', 'models'), 'softener');
});
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

it('accepts and removes on the shelf of a server by the portal’s use cases, with an entry in the audit log', async () => {
  const state = async (): Promise<unknown> =>
    (JSON.parse(await readFile(join(folder, 'data/models/softener/1.0.0/report.json'), 'utf8')) as { state: string })
      .state;
  await expect(call({}, 'accept', 'softener', ...terms, '--as', 'curator')).rejects.toMatchObject({
    code: 'access.forbidden',
  });
  await expect(call({}, 'accept', 'softener', ...terms, '--as', 'nobody')).rejects.toThrow(/no account "nobody"/);
  const realm = { ALBUMEN_SIGN_IN_ISSUER: 'https://login.example/realms/albumen' };
  await expect(call(realm, 'accept', 'softener', ...terms, '--as', 'a@b.example')).rejects.toThrow(/portal/);
  expect(await state()).toBe('quarantined');
  expect(await entries()).toEqual([]);

  const accepted = await call({}, 'accept', 'softener', ...terms, '--as', 'administrator');
  expect(JSON.parse(accepted.out)).toEqual({
    id: 'softener',
    version: '1.0.0',
    state: 'accepted',
    by: 'Lê Quang',
    recordedIn: 'audit-log',
  });
  expect(await state()).toBe('accepted');
  await call({}, 'remove', 'softener', '--as', 'administrator');
  expect(await state()).toBe('removed');
  const told = JSON.stringify(await entries());
  expect(told).toMatch(/model\.accepted.*model\.removed/);
  expect(told).toContain('command-line');
  expect(told).toContain(createHash('sha256').update('the bytes of softener').digest('hex'));
});
