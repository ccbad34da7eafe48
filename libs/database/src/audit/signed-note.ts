import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { refuse } from '@albumen/domain';

/** Algorithm byte of Ed25519 in C2SP signed-note keys. */
const ed25519 = Uint8Array.of(1);

/** Signs with the installation's Ed25519 key, as C2SP signed notes and as plain detached signatures for receipts. */
export class Signer {
  readonly #key: KeyObject;
  readonly #publicRaw: Uint8Array;
  readonly #id: Uint8Array;

  constructor(
    readonly origin: string,
    privateKeyPem: string,
  ) {
    this.#key = createPrivateKey(privateKeyPem);
    this.#publicRaw = new Uint8Array(createPublicKey(this.#key).export({ format: 'der', type: 'spki' }).subarray(-32));
    this.#id = keyId(origin, this.#publicRaw);
  }

  /** Reads the key file, or makes it (mode 0600) where there is none yet. */
  static async open(path: string, origin: string): Promise<Signer> {
    await mkdir(dirname(path), { recursive: true });
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pem = await readFile(path, 'utf8');
    if (!pem.includes('PRIVATE KEY')) throw refuse('audit.key-missing', { path });
    return new Signer(origin, pem);
  }

  /** The public key as C2SP writes it: `origin+id+base64(0x01 || key)`. */
  get verifierKey(): string {
    return `${this.origin}+${Buffer.from(this.#id).toString('hex')}+${Buffer.concat([ed25519, this.#publicRaw]).toString('base64')}`;
  }

  /** Detached Ed25519 signature of the text's UTF-8 bytes, base64. */
  signText(text: string): string {
    return sign(null, Buffer.from(text), this.#key).toString('base64');
  }

  /** True where `signature` (base64) is this key's signature of the text. */
  verifyText(text: string, signature: string): boolean {
    return verify(null, Buffer.from(text), createPublicKey(this.#key), Buffer.from(signature, 'base64'));
  }

  /** C2SP signed note: text ending in a newline, a blank line, and one signature line. */
  note(text: string): string {
    if (!text.endsWith('\n')) throw new TypeError('Expected a note text that ends in a newline');
    const signature = Buffer.concat([this.#id, sign(null, Buffer.from(text), this.#key)]).toString('base64');
    return `${text}\n— ${this.origin} ${signature}\n`;
  }

  /** The text of a note with a valid signature of this key, else undefined. */
  openNote(note: string): string | undefined {
    const end = note.lastIndexOf('\n\n');
    if (end < 0) return undefined;
    const text = note.slice(0, end + 1);
    for (const line of note.slice(end + 2).split('\n')) {
      const match = /^— (\S+) (\S+)$/.exec(line);
      if (!match || match[1] !== this.origin) continue;
      const bytes = Buffer.from(match[2] ?? '', 'base64');
      if (!bytes.subarray(0, 4).equals(this.#id)) continue;
      if (verify(null, Buffer.from(text), createPublicKey(this.#key), bytes.subarray(4))) return text;
    }
    return undefined;
  }
}

/** C2SP signed-note key id: the first four bytes of SHA-256(name || 0x0A || 0x01 || public key). */
function keyId(origin: string, publicRaw: Uint8Array): Uint8Array {
  const digest = createHash('sha256').update(`${origin}\n`).update(ed25519).update(publicRaw).digest();
  return new Uint8Array(digest.subarray(0, 4));
}
