import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, type ReceiptBody, type Recipe } from '@albumen/domain';
import { samplesOf } from '../picture/strips.js';
import { leaves, scratchFolder, toSamples, writePicture, type MadeShape } from '../testing/pictures.js';
import { comparePictures } from './compare-pictures.js';
import { modelFaults, pinsOf, runtimeDifferences } from './compare-receipts.js';
import { checkSignature, readReceiptFile, type ReceiptFile } from './receipt-file.js';

const pin = (id: string, digit: string): { id: string; version: string; sha256: string } => ({
  id,
  version: '1.0.0',
  sha256: digit.repeat(64),
});
const recipe: Recipe = {
  version: 1,
  steps: [
    {
      operation: 'repair-damage',
      strength: 1,
      parameters: {},
      model: pin('damage-s', 'a'),
      further: [pin('fill-s', 'b')],
    },
    { operation: 'correct-tone', strength: 0.5, parameters: {}, model: null },
  ],
};
const receipt: ReceiptBody = {
  type: 'albumen-receipt',
  version: 1,
  restorationId: 'r',
  originalId: 'o',
  input: { sha256: '1'.repeat(64), pixelSha256: '2'.repeat(64), width: 4, height: 3, depth: 8, bands: 1 },
  recipe,
  recipeSha256: '3'.repeat(64),
  software: { name: 'albumen-worker', version: '0.1.0' },
  runtime: {
    onnxruntime: '1.30.0',
    provider: 'cpu',
    optimisation: 'all',
    isa: 'x64 avx2',
    opencv: '4.12.0',
    sharp: '0.35.5',
    threads: 2,
  },
  tilePlan: [{ operation: 'reduce-noise', size: 512, margin: 96, tiles: 6 }],
  derived: { 'correct-tone': { blackPoint: 3 } },
  output: { sha256: '4'.repeat(64), pixelSha256: '5'.repeat(64), mediaType: 'image/tiff' },
  startedAt: '2026-11-21T10:00:00.000Z',
  finishedAt: '2026-11-21T10:00:05.000Z',
};

/** A key with both of its written forms, made as C2SP signed notes say. */
function makeKey(): { readonly signed: ReceiptFile; readonly verifierKey: string; readonly pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const coded = Buffer.concat([Buffer.from([1]), raw]);
  const id = createHash('sha256').update('archive.example/log\n').update(coded).digest('hex').slice(0, 8);
  const verifierKey = `archive.example/log+${id}+${coded.toString('base64')}`;
  const value = sign(null, Buffer.from(canonicalJson(receipt)), privateKey).toString('base64');
  return {
    signed: { receipt, signature: { algorithm: 'Ed25519', over: 'canonical JSON', value, key: verifierKey } },
    verifierKey,
    pem: publicKey.export({ format: 'pem', type: 'spki' }) as string,
  };
}

describe('a receipt file', () => {
  const { signed, verifierKey, pem } = makeKey();
  const read = (value: unknown): ReceiptFile => readReceiptFile(JSON.stringify(value));

  it('is read as it is downloaded, and bare', () => {
    expect(read(signed)).toEqual(signed);
    expect(read({ ...signed, output: { url: null, mediaType: 'image/tiff' } })).toEqual(signed);
    expect(read(receipt)).toEqual({ receipt, signature: null });
  });

  it.each([
    ['no JSON', 'type:', /not JSON/],
    ['another file', '{"a":1}', /receipt/],
    ['an old version', JSON.stringify({ ...receipt, version: 0 }), /expected 1 for version but received 0/],
    ['no digest', JSON.stringify({ ...receipt, input: { ...receipt.input, sha256: 'x' } }), /64 hexadecimal digits/],
    ['no steps', JSON.stringify({ ...receipt, recipe: {} }), /expected a list for recipe.steps but received nothing/],
    ['regions in words', JSON.stringify({ ...receipt, accepted: { regions: ['all'], layers: [] } }), /whole numbers/],
  ])('is refused with what was expected (%s)', (_name, text, words) => {
    expect(() => readReceiptFile(text)).toThrow(words);
  });

  it('holds by its signature, and by no other', () => {
    expect(checkSignature(signed, [])).toMatchObject({
      state: 'holds',
      origin: 'archive.example/log',
      keyKnown: false,
    });
    expect(checkSignature(signed, [verifierKey])).toMatchObject({ keyKnown: true });
    expect(checkSignature(signed, [pem])).toMatchObject({ keyKnown: true });
    expect(checkSignature(signed, [makeKey().verifierKey, 'nonsense'])).toMatchObject({ keyKnown: false });
    expect(checkSignature({ receipt, signature: null }, [verifierKey])).toEqual({ state: 'unsigned' });
    const { signature } = signed;
    if (signature === null) throw new Error('expected a signature');
    const changed = { ...signed, receipt: { ...receipt, finishedAt: '2026-11-21T10:00:06.000Z' } };
    expect(checkSignature(changed, [verifierKey])).toMatchObject({ state: 'does-not-hold' });
    const other = { ...signed, signature: { ...signature, key: makeKey().verifierKey } };
    expect(checkSignature(other, [verifierKey])).toMatchObject({ state: 'does-not-hold' });
    const named = { ...signed, signature: { ...signature, key: verifierKey.replace('archive', 'museum') } };
    expect(checkSignature(named, [verifierKey])).toMatchObject({ state: 'does-not-hold', why: /no Ed25519/ });
    expect(checkSignature({ ...signed, signature: { ...signature, key: pem } }, [])).toMatchObject({ state: 'holds' });
  });
});

describe('two runs', () => {
  it('are told apart by what differs', () => {
    expect(runtimeDifferences(receipt, receipt)).toEqual([]);
    const now = {
      ...receipt,
      runtime: { ...receipt.runtime, isa: 'arm64 asimd', threads: 8 },
      tilePlan: [{ operation: 'reduce-noise', size: 512, margin: 64, tiles: 4 }],
      derived: { 'correct-tone': { blackPoint: 4 } },
    };
    expect(runtimeDifferences(receipt, now).map(({ what, recorded }) => [what, recorded])).toEqual([
      ['isa', 'x64 avx2'],
      ['threads', '2'],
      ['tiles of reduce-noise', '6 tiles of 512, margin 96'],
      ['numbers of correct-tone', 'blackPoint 3'],
    ]);
  });

  it('need the models that are pinned, by their bytes', () => {
    expect(pinsOf(recipe).map(({ id }) => id)).toEqual(['damage-s', 'fill-s']);
    const faults = modelFaults(recipe, { 'damage-s': pin('damage-s', 'a'), 'fill-s': pin('fill-s', 'c') });
    expect(faults.map(({ pin: { id }, installed }) => [id, installed?.sha256[0]])).toEqual([['fill-s', 'c']]);
    expect(modelFaults(recipe, {}).map(({ installed }) => installed)).toEqual([null, null]);
  });
});

describe('two pictures', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await scratchFolder();
  });

  it.each([
    ['8 bit', { width: 90, height: 70, bands: 3, depth: 8 }, 1],
    ['16 bit', { width: 90, height: 70, bands: 1, depth: 16 }, 257],
    ['8 bit with alpha', { width: 90, height: 70, bands: 4, depth: 8 }, 1],
  ] as const)('are compared in levels of 255 (%s)', async (name, shape: MadeShape, perLevel) => {
    const samples = toSamples(leaves(shape.width, shape.height, 11), shape);
    const file = (part: string): string => `${name.replaceAll(' ', '-')}-${part}`;
    const first = await writePicture(folder, file('first'), samples, shape);
    const same = await writePicture(folder, file('same'), samples, shape);
    expect(await comparePictures(first, same, folder)).toMatchObject({ kind: 'identical' });

    const near = samplesOf(shape.depth, samples.length);
    near.set(samples);
    const changed = Math.floor(samples.length / 100);
    for (let at = 0; at < changed; at++)
      near[at] = (near[at] as number) + ((samples[at] as number) > 100 * perLevel ? -2 : 2) * perLevel;
    const close = await comparePictures(first, await writePicture(folder, file('near'), near, shape), folder);
    expect(close).toMatchObject({ kind: 'within-tolerance', largest: 2, shareChanged: changed / samples.length });
    expect((close as { mean: number }).mean).toBeCloseTo((2 * changed) / samples.length, 10);

    near[samples.length - 1] = 0;
    near[samples.length - 2] = 0;
    const far = await comparePictures(first, await writePicture(folder, file('far'), near, shape), folder);
    expect(far).toMatchObject({ kind: 'differs' });
  });

  it('of another shape differ', async () => {
    const [a, b]: [MadeShape, MadeShape] = [
      { width: 40, height: 30, bands: 3, depth: 8 },
      { width: 40, height: 31, bands: 3, depth: 8 },
    ];
    const first = await writePicture(folder, 'shape-a', toSamples(leaves(40, 30, 2), a), a);
    const second = await writePicture(folder, 'shape-b', toSamples(leaves(40, 31, 2), b), b);
    expect(await comparePictures(first, second, folder)).toEqual({
      kind: 'other-shape',
      first: '40×30, 3 bands, 8 bit',
      second: '40×31, 3 bands, 8 bit',
    });
  });
});
