import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A text that only this one process has: its start time within this boot (Linux), or its start and command line elsewhere.
 * Undefined where no such process runs. A pid alone proves nothing, since pids are given out again.
 */
export function processIdentity(pid: number): string | undefined {
  if (!isRunning(pid)) return undefined;
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      return fields[0] === 'Z' ? undefined : `${boot}:${fields[19]}`;
    } catch {
      return undefined; // it ended while we looked
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined; // ps answers 1 where there is no such process
  }
}

/** True while a process has that pid, whoever owns it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The folder a process works in and the program it runs; undefined where the system does not tell. */
export function processPlace(pid: number): { readonly folder: string; readonly program: string } | undefined {
  try {
    return { folder: readlinkSync(`/proc/${pid}/cwd`), program: readlinkSync(`/proc/${pid}/exe`) };
  } catch {
    return undefined; // not Linux, not ours to look at, or ended
  }
}

/**
 * Ends a process whose identity is still the one given: the first signal, then SIGKILL after `graceMs`.
 * Answers how it went; `gone` where it had ended before or the pid belongs to somebody else by now.
 */
export async function endProcess(
  pid: number,
  identity: string,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<'gone' | 'ended' | 'killed'> {
  if (processIdentity(pid) !== identity) return 'gone';
  process.kill(pid, signal);
  const until = Date.now() + graceMs;
  while (Date.now() < until) {
    if (processIdentity(pid) !== identity) return 'ended';
    await pause(50);
  }
  if (processIdentity(pid) === identity) process.kill(pid, 'SIGKILL');
  while (processIdentity(pid) === identity) await pause(50);
  return 'killed';
}
