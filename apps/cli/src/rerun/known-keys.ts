import { createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.js';
import { CommandFault, exitCodes } from '../command-fault.js';

/**
 * Public keys that this person trusts: the one that was named (a file with a private or public key, or a verifier key as
 * text), this user's own, and that of the installation in the data folder. Throws CommandFault where a named one cannot be
 * used.
 */
export async function knownKeys(named: string | undefined, config: Config): Promise<readonly string[]> {
  const keys = named === undefined ? [] : [existsSync(named) ? await namedKey(named) : named];
  for (const path of [join(config.settings, 'receipt.key'), join(config.data, 'keys', 'audit.key')])
    // A key that cannot be read is one that is not trusted: the answer says that the key is not known.
    if (existsSync(path))
      keys.push(
        ...(await publicKeyIn(path).then(
          (key) => [key],
          () => [],
        )),
      );
  return keys;
}

async function namedKey(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  if (!text.includes('KEY-----')) return text.trim();
  try {
    return await publicKeyIn(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFault(exitCodes.usage, `Expected an Ed25519 key in ${path} but received something else: ${why}.`);
  }
}

/** The public key (SPKI, PEM) of the private or public key in a file. */
async function publicKeyIn(path: string): Promise<string> {
  return createPublicKey(await readFile(path, 'utf8')).export({ type: 'spki', format: 'pem' }) as string;
}
