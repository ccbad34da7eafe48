import { isUtf8 } from 'node:buffer';
import exifr from 'exifr';

/** Plain JSON: what of EXIF, IPTC and XMP a person can read. */
export type PlainJson = string | number | boolean | null | PlainJson[] | { [name: string]: PlainJson };

/** Buffers of metadata as they stand in a file, each optional. */
export interface EmbeddedBlocks {
  readonly exif?: Buffer | undefined;
  readonly xmp?: Buffer | undefined;
  readonly iptc?: Buffer | undefined;
}

const limits = { depth: 6, keys: 400, arrayItems: 100, textLength: 4000, totalCharacters: 64_000 };

const readerOptions = {
  tiff: true,
  ifd0: true,
  ifd1: false,
  exif: true,
  gps: true,
  interop: false,
  makerNote: false,
  userComment: true,
  iptc: true,
  xmp: true,
  icc: false,
  jfif: false,
  ihdr: false,
  mergeOutput: false,
  reviveValues: false,
  translateKeys: true,
  translateValues: true,
};

/**
 * EXIF, IPTC and XMP as plain JSON, one object per block. Dates become ISO 8601 text without inventing a time zone;
 * binary values are left out; the whole is at most about 64,000 characters. A block that cannot be read is named under
 * `unreadable` with the reason, and never fails the picture.
 */
export async function readEmbedded(blocks: EmbeddedBlocks): Promise<Record<string, PlainJson>> {
  const container = asJpeg(blocks);
  if (!container) return {};
  try {
    const parsed: unknown = await exifr.parse(container, readerOptions as never);
    return toPlain(parsed);
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message.slice(0, 300) : 'unknown reason' };
  }
}

/** The reader knows JPEG best and WebP not at all, so every block is handed over inside an empty JPEG. */
function asJpeg(blocks: EmbeddedBlocks): Buffer | undefined {
  const segments: Buffer[] = [];
  const add = (marker: number, prefix: string, body: Buffer | undefined): void => {
    if (!body || body.length === 0 || body.length + prefix.length > 65_533) return;
    const head = Buffer.alloc(4);
    head.writeUInt8(0xff, 0);
    head.writeUInt8(marker, 1);
    head.writeUInt16BE(2 + prefix.length + body.length, 2);
    segments.push(head, Buffer.from(prefix, 'latin1'), body);
  };
  const exif = blocks.exif;
  const exifPrefix = exif?.toString('latin1', 0, 6) === 'Exif\0\0' ? '' : 'Exif\0\0';
  add(0xe1, exifPrefix, exif);
  add(0xe1, 'http://ns.adobe.com/xap/1.0/\0', blocks.xmp);
  add(0xed, '', photoshopBlock(blocks.iptc));
  if (segments.length === 0) return undefined;
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...segments, Buffer.from([0xff, 0xd9])]);
}

/** IPTC stands in TIFF as bare records, in JPEG inside Photoshop's resource 0x0404. */
function photoshopBlock(iptc: Buffer | undefined): Buffer | undefined {
  if (!iptc || iptc.length === 0 || iptc.toString('latin1', 0, 9) === 'Photoshop') return iptc;
  const size = Buffer.alloc(4);
  size.writeUInt32BE(iptc.length);
  const name = iptc.toString('latin1', 0, 4) === '8BIM' ? [] : [Buffer.from('8BIM\x04\x04\0\0', 'latin1'), size];
  return Buffer.concat([Buffer.from('Photoshop 3.0\0', 'latin1'), ...name, iptc, Buffer.alloc(iptc.length & 1)]);
}

/** Makes anything plain JSON within the limits; exported for its test. */
export function toPlain(value: unknown): Record<string, PlainJson> {
  const budget = { keys: limits.keys, characters: limits.totalCharacters };
  const plain = plainOf(value, 0, budget);
  return plain !== undefined && plain !== null && typeof plain === 'object' && !Array.isArray(plain) ? plain : {};
}

function plainOf(value: unknown, depth: number, budget: { keys: number; characters: number }): PlainJson | undefined {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (typeof value === 'string') return textOf(value, budget);
  if (typeof value !== 'object' || ArrayBuffer.isView(value) || value instanceof ArrayBuffer || depth >= limits.depth)
    return undefined;
  if (Array.isArray(value)) {
    return value.slice(0, limits.arrayItems).flatMap((item) => plainOf(item, depth + 1, budget) ?? []);
  }
  const plain: { [name: string]: PlainJson } = {};
  for (const [name, member] of Object.entries(value)) {
    if (budget.keys <= 0) break;
    if (name === '__proto__' || name.length > 100) continue;
    const made = plainOf(member, depth + 1, budget);
    if (made === undefined || made === '') continue;
    budget.keys--;
    budget.characters -= name.length;
    plain[name] = made;
  }
  return plain;
}

function textOf(value: string, budget: { characters: number }): string {
  const clean = asUtf8(value.slice(0, 4 * limits.textLength))
    .replace(/\0+$/u, '')
    .replace(/[\p{Cc}\p{Cs}]/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : ' '))
    .trim();
  const iso = clean.replace(/^(\d{4}):(\d{2}):(\d{2})(?: (\d{2}:\d{2}:\d{2}))?$/u, (_, year, month, day, time) =>
    time ? `${year}-${month}-${day}T${time}` : `${year}-${month}-${day}`,
  );
  const cut = iso.slice(0, Math.min(limits.textLength, Math.max(0, budget.characters)));
  budget.characters -= cut.length;
  return cut.normalize('NFC');
}

/** The reader takes IPTC and EXIF texts for Latin-1; where the bytes are valid UTF-8 with accents, UTF-8 is what was meant. */
function asUtf8(value: string): string {
  if (!/[\u0080-\u00ff]/u.test(value) || /[^\0-\u00ff]/u.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}
