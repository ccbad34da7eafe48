import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The name of this installation's audit log, as its signed checkpoints carry it. It is made once, from the public
 * address of that day, and never follows it: otherwise older checkpoints would no longer verify.
 */
export async function logOrigin(keysDir: string, publicUrl: string): Promise<string> {
  const path = join(keysDir, 'audit.origin');
  await mkdir(keysDir, { recursive: true, mode: 0o700 });
  try {
    const file = await open(path, 'wx', 0o644);
    try {
      await file.writeFile(`${new URL(publicUrl).host}/audit\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}
