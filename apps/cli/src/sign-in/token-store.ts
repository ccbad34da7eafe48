import { existsSync, readFileSync } from 'node:fs';
import type { AdapterPayload } from 'oidc-provider';
import { writeWhole } from '../server/data-folder.js';

interface Kept {
  readonly payload: AdapterPayload;
  /** Milliseconds since 1970, or null where it does not expire. */
  readonly expiresAt: number | null;
}

/**
 * What the sign-in remembers (sessions, grants, codes, refresh tokens), in one file that is written whole, so that a
 * restart keeps everyone signed in. Meant for a handful of people on one machine.
 */
export class TokenStore {
  readonly #path: string;
  readonly #kept: Map<string, Kept>;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#kept = readKept(path);
  }

  get(key: string): AdapterPayload | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    if (kept.expiresAt !== null && kept.expiresAt <= Date.now()) {
      this.#kept.delete(key);
      return undefined;
    }
    return kept.payload;
  }

  set(key: string, payload: AdapterPayload, expiresInSeconds: number | undefined): void {
    const expiresAt = expiresInSeconds === undefined ? null : Date.now() + expiresInSeconds * 1000;
    this.#kept.set(key, { payload, expiresAt });
    this.#later();
  }

  delete(key: string): void {
    if (this.#kept.delete(key)) this.#later();
  }

  /** Every entry of a model whose payload fits. */
  find(model: string, fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const key of this.#kept.keys()) {
      if (!key.startsWith(`${model}:`)) continue;
      const payload = this.get(key);
      if (payload !== undefined && fits(payload)) return payload;
    }
    return undefined;
  }

  /** Forgets everything that hangs on a grant. */
  revoke(grantId: string): void {
    for (const [key, kept] of this.#kept) if (kept.payload.grantId === grantId) this.#kept.delete(key);
    this.#later();
  }

  /** Writes what is not yet on disk; called a moment after each change and at the end. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = Date.now();
    for (const [key, kept] of this.#kept) if (kept.expiresAt !== null && kept.expiresAt <= now) this.#kept.delete(key);
    writeWhole(this.#path, JSON.stringify(Object.fromEntries(this.#kept)), 0o600);
  }

  #later(): void {
    this.#timer ??= setTimeout(() => this.flush(), 200).unref();
  }
}

function readKept(path: string): Map<string, Kept> {
  if (!existsSync(path)) return new Map();
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, Kept>));
  } catch {
    return new Map(); // unreadable: everybody signs in again, nothing else is lost
  }
}

/** oidc-provider's adapter over the store, one per model. */
export function adapterFor(store: TokenStore): (model: string) => object {
  return (model) => ({
    upsert: async (id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> =>
      store.set(`${model}:${id}`, payload, expiresIn),
    find: async (id: string): Promise<AdapterPayload | undefined> => store.get(`${model}:${id}`),
    findByUid: async (uid: string): Promise<AdapterPayload | undefined> =>
      store.find(model, (payload) => payload.uid === uid),
    findByUserCode: async (code: string): Promise<AdapterPayload | undefined> =>
      store.find(model, (payload) => payload.userCode === code),
    consume: async (id: string): Promise<void> => {
      const payload = store.get(`${model}:${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    destroy: async (id: string): Promise<void> => store.delete(`${model}:${id}`),
    revokeByGrantId: async (grantId: string): Promise<void> => store.revoke(grantId),
  });
}
