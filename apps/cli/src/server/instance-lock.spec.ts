import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder, type DataFolder } from './data-folder.js';
import { InstanceLock } from './instance-lock.js';
import { freePort, requireFreePort } from './ports.js';
import { endProcess, isRunning, processIdentity } from './process-proof.js';

let path: string;
let folder: DataFolder;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'albumen-lock-'));
  folder = openDataFolder(path);
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

function sleeper(): { readonly pid: number; readonly ended: Promise<unknown> } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  return { pid: child.pid ?? 0, ended: new Promise((resolve) => child.once('exit', resolve)) };
}

describe('one instance on a data folder', () => {
  it('refuses a second one by name and address, and lets the next one in after the release', () => {
    const lock = InstanceLock.take(folder, 'http://127.0.0.1:1');
    expect(() => InstanceLock.take(folder, 'http://127.0.0.1:2')).toThrow(/already runs .* http:\/\/127.0.0.1:1/);
    expect(InstanceLock.runningAt(folder)?.pid).toBe(process.pid);
    lock.release();
    expect(InstanceLock.runningAt(folder)).toBeUndefined();
    InstanceLock.take(folder, 'http://127.0.0.1:2').release();
  });

  it('takes over the lock of a process that is gone, even where its pid is somebody else now', () => {
    const holder = { pid: process.pid, identity: 'another boot:1', address: 'http://127.0.0.1:1' };
    writeFileSync(join(folder.run, 'instance.json'), JSON.stringify(holder));
    InstanceLock.take(folder, 'http://127.0.0.1:2').release();
    writeFileSync(join(folder.run, 'instance.json'), '{"pid":');
    InstanceLock.take(folder, 'http://127.0.0.1:2').release();
  });

  it('ends the children of a killed run, and no process that merely has a pid of theirs', async () => {
    const ours = sleeper();
    const stranger = sleeper();
    const first = InstanceLock.take(folder, 'x');
    first.noteChild('worker', ours.pid);
    const noted = [
      { name: 'worker', pid: ours.pid, identity: processIdentity(ours.pid) },
      { name: 'api', pid: stranger.pid, identity: 'another boot:1' },
    ];
    writeFileSync(join(folder.run, 'children.json'), JSON.stringify(noted));
    expect(await first.endLeftovers()).toEqual(['worker']);
    await ours.ended;
    expect(isRunning(stranger.pid)).toBe(true);
    expect(await endProcess(stranger.pid, processIdentity(stranger.pid) ?? '', 'SIGTERM', 5000)).toBe('ended');
  });
});

describe('ports', () => {
  it('says which port is taken and what to set', async () => {
    const port = await freePort();
    await requireFreePort(port, 'Albumen', 'ALBUMEN_PORT');
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    await expect(requireFreePort(port, 'Albumen', 'ALBUMEN_PORT')).rejects.toThrow(
      new RegExp(`Port ${port} for Albumen is taken.*ALBUMEN_PORT`),
    );
    await new Promise((resolve) => other.close(resolve));
  });
});
