import { createHash, createPublicKey, verify } from 'node:crypto';
import { canonicalJson, refuse, type ReceiptBody } from '@albumen/domain';

/** What is signed, in the words that every receipt file carries. */
export const signedOver = 'canonical JSON (RFC 8785) of receipt, UTF-8';

/** A detached Ed25519 signature; `value` is base64, `key` a C2SP verifier key (`origin+id+base64(0x01 || key)`) or PEM. */
export interface ReceiptSignature {
  readonly algorithm: 'Ed25519';
  readonly over: string;
  readonly value: string;
  readonly key: string;
}

/** A receipt as it is downloaded from a server or lies beside a result; without a signature where no key was at hand. */
export interface ReceiptFile {
  readonly receipt: ReceiptBody;
  readonly signature: ReceiptSignature | null;
}

/** What is known of a receipt's signature. `keyKnown`: the key is one of those that the asker trusts. */
export type SignatureVerdict =
  | { readonly state: 'unsigned' }
  | { readonly state: 'holds'; readonly origin: string; readonly keyId: string; readonly keyKnown: boolean }
  | { readonly state: 'does-not-hold'; readonly why: string };

const sha256Text = /^[0-9a-f]{64}$/;

/**
 * Reads a receipt file: `{ receipt, signature }`, or a bare receipt. Refuses `receipt.unreadable` and says which part is
 * not as it should be.
 */
export function readReceiptFile(text: string): ReceiptFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse('receipt.unreadable', { detail: 'it is not JSON' }, { cause: error });
  }
  const outer = record(value, 'the file');
  const bare = outer['type'] === 'albumen-receipt';
  const receipt = bodyOf(bare ? outer : record(outer['receipt'], 'receipt'));
  const signature = bare ? null : (outer['signature'] ?? null);
  return { receipt, signature: signature === null ? null : signatureOf(record(signature, 'signature')) };
}

/** The text that is signed. */
export function signedText(receipt: ReceiptBody): string {
  return canonicalJson(receipt);
}

/** Checks the signature against the key that the file names; `knownKeys` are verifier keys that the asker trusts. */
export function checkSignature(file: ReceiptFile, knownKeys: readonly string[]): SignatureVerdict {
  const { signature } = file;
  if (signature === null) return { state: 'unsigned' };
  return checkTextSignature(signedText(file.receipt), signature, knownKeys);
}

/** The same of any text that was signed as receipts are. */
export function checkTextSignature(
  text: string,
  signature: ReceiptSignature,
  knownKeys: readonly string[],
): Exclude<SignatureVerdict, { readonly state: 'unsigned' }> {
  if (signature.algorithm !== 'Ed25519')
    return { state: 'does-not-hold', why: `expected Ed25519 but received ${signature.algorithm}` };
  const named = verifierKeyOf(signature.key);
  if (named === null) return { state: 'does-not-hold', why: 'the key that it names is no Ed25519 verifier key' };
  const holds = verify(
    null,
    Buffer.from(text),
    createPublicKey({ key: Buffer.concat([spkiHead, named.raw]), format: 'der', type: 'spki' }),
    Buffer.from(signature.value, 'base64'),
  );
  if (!holds) return { state: 'does-not-hold', why: 'it was changed after it was signed' };
  const raw = Buffer.from(named.raw);
  const keyKnown = knownKeys.some((key) => verifierKeyOf(key)?.raw.equals(raw) ?? false);
  return { state: 'holds', origin: named.origin, keyId: named.keyId, keyKnown };
}

/** RFC 8410: the fixed beginning of an Ed25519 public key as SubjectPublicKeyInfo. */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

interface VerifierKey {
  readonly origin: string;
  readonly keyId: string;
  readonly raw: Buffer;
}

/** A C2SP signed-note verifier key, or an Ed25519 public key as PEM (SPKI); null where it is neither or contradicts itself. */
function verifierKeyOf(text: string): VerifierKey | null {
  if (text.includes('-----BEGIN PUBLIC KEY-----')) return pemKeyOf(text);
  const match = /^(.+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (match === null) return null;
  const [, origin = '', keyId = '', coded = ''] = match;
  const bytes = Buffer.from(coded, 'base64');
  if (bytes.length !== 33 || bytes[0] !== 1) return null;
  const id = createHash('sha256').update(`${origin}\n`).update(bytes).digest('hex').slice(0, 8);
  return id === keyId ? { origin, keyId, raw: bytes.subarray(1) } : null;
}

function pemKeyOf(text: string): VerifierKey | null {
  try {
    const key = createPublicKey(text);
    if (key.asymmetricKeyType !== 'ed25519') return null;
    const raw = key.export({ format: 'der', type: 'spki' }).subarray(-32);
    return { origin: 'a key without a name', keyId: createHash('sha256').update(raw).digest('hex').slice(0, 8), raw };
  } catch {
    return null;
  }
}

/** Checks what a new run needs; members that it does not need are kept as they are, since they are signed. */
function bodyOf(body: Record<string, unknown>): ReceiptBody {
  if (body['type'] !== 'albumen-receipt') throw unreadable('type', 'albumen-receipt', body['type']);
  if (body['version'] !== 1) throw unreadable('version', '1', body['version']);
  const input = record(body['input'], 'input');
  for (const name of ['sha256', 'pixelSha256']) digest(input[name], `input.${name}`);
  for (const name of ['width', 'height', 'bands', 'depth']) count(input[name], `input.${name}`);
  const output = record(body['output'], 'output');
  for (const name of ['sha256', 'pixelSha256']) digest(output[name], `output.${name}`);
  const runtime = record(body['runtime'], 'runtime');
  for (const name of ['onnxruntime', 'provider', 'optimisation', 'isa', 'opencv', 'sharp'])
    if (typeof runtime[name] !== 'string') throw unreadable(`runtime.${name}`, 'text', runtime[name]);
  const recipe = record(body['recipe'], 'recipe');
  if (!Array.isArray(recipe['steps'])) throw unreadable('recipe.steps', 'a list', recipe['steps']);
  for (const step of recipe['steps']) checkStep(record(step, 'a step of the recipe'));
  if (body['accepted'] !== undefined) checkAccepted(body['accepted']);
  return body as unknown as ReceiptBody;
}

function checkStep(step: Record<string, unknown>): void {
  if (typeof step['operation'] !== 'string') throw unreadable('operation of a step', 'text', step['operation']);
  if (typeof step['strength'] !== 'number') throw unreadable('strength of a step', 'a number', step['strength']);
  record(step['parameters'], 'parameters of a step');
  const pins = [step['model'] ?? null, ...(Array.isArray(step['further']) ? (step['further'] as unknown[]) : [])];
  for (const pin of pins) {
    if (pin === null) continue;
    const { id, sha256 } = record(pin, 'model of a step');
    if (typeof id !== 'string') throw unreadable('id of a model', 'text', id);
    digest(sha256, `sha256 of the model ${id}`);
  }
}

/** Checks an accepted set that came as JSON. Refuses `receipt.unreadable`. */
export function checkAccepted(value: unknown): asserts value is NonNullable<ReceiptBody['accepted']> {
  const { regions, layers } = record(value, 'accepted');
  if (!Array.isArray(regions) || !regions.every((ordinal) => Number.isInteger(ordinal)))
    throw unreadable('accepted.regions', 'a list of whole numbers', regions);
  if (!Array.isArray(layers)) throw unreadable('accepted.layers', 'a list', layers);
  for (const layer of layers) {
    const { operation, strength } = record(layer, 'an accepted layer');
    if (typeof operation !== 'string' || typeof strength !== 'number')
      throw unreadable('an accepted layer', 'operation and strength', layer);
  }
}

function signatureOf(value: Record<string, unknown>): ReceiptSignature {
  for (const name of ['algorithm', 'value', 'key'])
    if (typeof value[name] !== 'string') throw unreadable(`signature.${name}`, 'text', value[name]);
  return value as unknown as ReceiptSignature;
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(name, 'an object', value);
  return value as Record<string, unknown>;
}

function digest(value: unknown, name: string): void {
  if (typeof value !== 'string' || !sha256Text.test(value)) throw unreadable(name, '64 hexadecimal digits', value);
}

function count(value: unknown, name: string): void {
  if (!Number.isInteger(value) || (value as number) < 1) throw unreadable(name, 'a whole number', value);
}

function unreadable(name: string, wanted: string, received: unknown): Error {
  const shown = JSON.stringify(received) ?? 'nothing';
  return refuse('receipt.unreadable', {
    detail: `expected ${wanted} for ${name} but received ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`,
  });
}
