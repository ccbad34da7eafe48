import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileStore } from '@albumen/storage';
import { intake } from '@albumen/storage/testing';

/** Folder of ocfl-py's programs (`pip install ocfl-py`); without it there is no outside judge to ask. */
const judge = process.env['ALBUMEN_OCFL_PY'];
const run = promisify(execFile);

describe.skipIf(!judge)('An OCFL root judged by ocfl-py (runs where ALBUMEN_OCFL_PY names its bin folder)', () => {
  let dataDir: string;
  let key: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'albumen-ocfl-'));
    const { originals } = await openFileStore(dataDir);
    for (const fileName of ['Bà Nội 👵.jpg', 'b.tif', 'c.png']) {
      const bytes = Buffer.from(fileName);
      const path = join(dataDir, 'staging', 'incoming');
      await writeFile(path, bytes);
      ({ key } = await originals.keep({ path, record: { ...intake(bytes), fileName } }));
    }
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  // ocfl-root.py exits 0 for an invalid root as well: only its words count.
  const verdict = async (): Promise<string> => {
    const tool = join(judge ?? '', 'ocfl-root.py');
    const options = ['validate', '--root', join(dataDir, 'originals'), '--validate-objects', '--check-digests'];
    const { stdout, stderr } = await run(tool, options).catch((error: { stdout: string; stderr: string }) => error);
    return `${stdout}\n${stderr}`;
  };

  it('calls it valid, object by object, and a changed byte invalid', async () => {
    const words = await verdict();
    expect(words).toMatch(/is VALID/);
    expect(words).not.toMatch(/INVALID/);
    expect(words).toMatch(/3 \/ 3|Objects checked: 3/);
    await chmod(join(dataDir, key), 0o644);
    await writeFile(join(dataDir, key), 'changed');
    expect(await verdict()).toMatch(/INVALID/);
  });
});
