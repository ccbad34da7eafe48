import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { offerPostgres, socketVariable } from './postgres.js';

/** Vitest's `globalSetup`: offers one PostgreSQL to every worker; it starts only when a test asks for it. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'albumen-test-run-'));
  const socket = join(folder, 'postgres.socket');
  const offer = await offerPostgres(socket);
  process.env[socketVariable] = socket;
  return async () => {
    await offer.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
