import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { receipts } from '@albumen/runtime';
import { models } from '../commands/models.js';
import { layQuarantined } from '../../../../tests/support/quarantined-model.js';
import { runCommand, type CommandAnswer } from '../treat/testing/run-command.js';
import { readAcceptances, recordFolder } from './acceptance-record.js';

let folder: string;
let shelf: string;
const call = (...args: string[]): Promise<CommandAnswer> =>
  runCommand(models, [...args, '--models', shelf], {
    XDG_CONFIG_HOME: join(folder, 'settings'),
    ALBUMEN_DATA: join(folder, 'data'),
    ALBUMEN_MODELS: join(folder, 'own'),
  });
const accept = (id: string, by = 'Bùi Mai'): Promise<CommandAnswer> =>
  call('accept', id, '--licence', 'MIT', '--level', '1', '--as', by);
const record = () => readAcceptances(shelf, receipts);
const entry = (number: number): string => join(shelf, recordFolder, `00000${number}.json`);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'albumen-acceptances-'));
  shelf = join(folder, 'shelf');
  await layQuarantined(shelf, 'one');
  await layQuarantined(shelf, 'other');
});

describe('the acceptance record of a shelf without a server', () => {
  it('says who accepted and removed what, under which digest, one entry after the other', async () => {
    await accept('one');
    await accept('other', 'Lê Sơn');
    await call('remove', 'one', '--as', 'Lê Sơn');
    const { entries, fault } = await record();
    expect(fault).toBeNull();
    const sha256 = createHash('sha256').update('the bytes of one').digest('hex');
    expect(entries).toMatchObject([
      { number: 1, by: 'Bùi Mai', action: 'model.accepted', model: { id: 'one', sha256 }, level: 1, previous: null },
      { number: 2, by: 'Lê Sơn', action: 'model.accepted', model: { id: 'other' }, licence: 'MIT' },
      { number: 3, by: 'Lê Sơn', action: 'model.removed', model: { id: 'one', sha256 }, level: null },
    ]);
    const first = createHash('sha256').update(await readFile(entry(1))).digest('hex');
    expect(entries[1]?.previous).toBe(first);
    const listed = await call('list');
    expect(listed.exitCode).toBe(0);
    expect(JSON.parse(listed.out)).toMatchObject([
      { id: 'one', state: 'removed', by: null },
      { id: 'other', state: 'accepted', by: 'Lê Sơn' },
    ]);
  });

  it.each([
    ['a name', async () => changed(entry(1), (text) => text.replace('Bùi Mai', 'Bùi Mây')), /changed after it was signed/],
    ['its signature', async () => changed(entry(1), unsigned), /it is no signed entry/],
    ['its text', async () => changed(entry(1), () => 'null'), /it is no signed entry/],
    ['an entry', () => rm(entry(1)), /expected entry 1/],
    ['the chain', async () => changed(entry(1), () => readFile(entry(2), 'utf8')), /does not follow/],
  ])('is found changed in %s, and nothing more is accepted then', async (_, change, why) => {
    await accept('one');
    await call('remove', 'one', '--as', 'Bùi Mai');
    await change();
    expect((await record()).fault).toMatch(why);
    expect((await call('list')).exitCode).toBe(1);
    await expect(accept('other')).rejects.toThrow(/does not hold .* nothing was changed/);
    expect(await readdir(join(shelf, 'other', '1.0.0'))).not.toContain('model.json');
  });

  it('says so in words where two accept in the same moment, and the later one changes nothing', async () => {
    await mkdir(join(shelf, recordFolder));
    const beside = join(shelf, recordFolder, `000001.json.${process.pid}.new`);
    await writeFile(beside, 'an entry that is being written');
    await expect(accept('one')).rejects.toThrow(/in the same moment, so nothing was changed for one/);
    expect(await readdir(join(shelf, 'one', '1.0.0'))).not.toContain('model.json');
    expect((await accept('one')).exitCode).toBe(0);
  });

  it('is written or nothing is accepted', async () => {
    await writeFile(join(shelf, recordFolder), 'in the way');
    await expect(accept('one')).rejects.toThrow();
    await rm(join(shelf, recordFolder));
    const report = await readFile(join(shelf, 'one', '1.0.0', 'report.json'), 'utf8');
    expect(JSON.parse(report)).toMatchObject({ state: 'quarantined' });
    expect(await readdir(join(shelf, 'one', '1.0.0'))).not.toContain('model.json');
    await mkdir(join(folder, 'settings', 'albumen'), { recursive: true });
    await writeFile(join(folder, 'settings', 'albumen', 'receipt.key'), 'no key');
    await expect(accept('one')).rejects.toThrow(/which signs the record, cannot be used/);
    expect((await record()).entries).toEqual([]);
  });
});

/** The entry with its key, and without what was signed with it. */
function unsigned(text: string): string {
  const { entry: kept, signature } = JSON.parse(text) as { entry: object; signature: { key: string } };
  return JSON.stringify({ entry: kept, signature: { key: signature.key, algorithm: 'Ed25519' } });
}

async function changed(path: string, change: (text: string) => string | Promise<string>): Promise<void> {
  const text = await change(await readFile(path, 'utf8'));
  await chmod(path, 0o644);
  await writeFile(path, text);
}
