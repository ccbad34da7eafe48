import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { models } from '../../apps/cli/src/commands/models.js';
import { runCommand, type CommandAnswer } from '../../apps/cli/src/treat/testing/run-command.js';
import { startPostgres } from '../support/postgres.js';

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
  const at = join(folder, 'data', 'models', 'softener', '1.0.0');
  await mkdir(at, { recursive: true });
  const bytes = Buffer.from('the bytes of softener');
  const tensor = (name: string) => ({ name, element: 'float32', layout: 'NCHW', channels: 3 });
  await writeFile(join(at, 'softener.onnx'), bytes);
  const report = {
    type: 'albumen-model-report',
    version: 1,
    state: 'quarantined',
    id: 'softener',
    modelVersion: '1.0.0',
    file: 'softener.onnx',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
    adapter: 'image2image',
    licence: 'MIT',
    broughtInAt: '2026-11-21T10:00:00.000Z',
    examination: {
      header: { opset: 17, producer: 'a test' },
      signature: { image: tensor('input'), mask: null, output: tensor('output') },
      probes: { scale: 1, range: '0..1', multiple: 8, fixedSize: null, margin: 24, hole: null, outputChannels: 3 },
      peakMegabytes: 120,
      warnings: [],
    },
  };
  await writeFile(join(at, 'report.json'), JSON.stringify(report));
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
