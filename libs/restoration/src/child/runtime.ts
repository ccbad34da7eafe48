import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ReceiptBody } from '@albumen/domain';
import { imagingVersions } from '@albumen/imaging';
import type { ChildContext } from './context.js';
import { onnxruntimeVersion, optimisationLevel } from './nets.js';
import { opencvVersion } from './telea.js';

/** What ran here, for the receipt; `providerAsked` only where another provider than the one asked for computed. */
export async function runtimeOf({
  threads,
  nets,
}: Pick<ChildContext, 'threads' | 'nets'>): Promise<ReceiptBody['runtime']> {
  const { provider, asked } = nets.provider;
  return {
    onnxruntime: onnxruntimeVersion,
    provider,
    ...(provider === asked ? {} : { providerAsked: asked }),
    optimisation: optimisationLevel,
    isa: await isaClass(),
    opencv: opencvVersion,
    sharp: imagingVersions.sharp,
    threads,
  };
}

/** sha256 (hexadecimal) of a file, streamed. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const data of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(data as Buffer);
  return hash.digest('hex');
}

/** The processor's class as far as it changes results: architecture and the widest vector instructions. */
async function isaClass(): Promise<string> {
  if (process.platform !== 'linux') return process.arch;
  const text = await readFile('/proc/cpuinfo', 'latin1');
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1]?.split(/\s+/) ?? [];
  const widest = ['avx512f', 'avx2', 'avx', 'sve', 'asimd'].find((flag) => flags.includes(flag));
  return widest === undefined ? process.arch : `${process.arch} ${widest}`;
}
