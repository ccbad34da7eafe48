/**
 * The description inside an ICC profile (tag 'desc', as v2 text or v4 'mluc', English preferred), or null where the
 * bytes hold none. Never throws on broken profiles.
 */
export function profileDescription(icc: Uint8Array | null | undefined): string | null {
  if (!icc || icc.byteLength < 132) return null;
  const bytes = Buffer.from(icc.buffer, icc.byteOffset, icc.byteLength);
  const count = Math.min(bytes.readUInt32BE(128), 100);
  for (let index = 0; index < count; index++) {
    const at = 132 + index * 12;
    if (at + 12 > bytes.length) return null;
    if (bytes.toString('latin1', at, at + 4) !== 'desc') continue;
    const offset = bytes.readUInt32BE(at + 4);
    const size = bytes.readUInt32BE(at + 8);
    if (offset + size > bytes.length || size < 12) return null;
    return tidy(textOf(bytes.subarray(offset, offset + size)));
  }
  return null;
}

function textOf(tag: Buffer): string {
  const type = tag.toString('latin1', 0, 4);
  if (type === 'desc') return tag.toString('latin1', 12, Math.min(12 + tag.readUInt32BE(8), tag.length));
  if (type === 'text') return tag.toString('latin1', 8);
  if (type === 'mluc' && tag.length >= 16) return localised(tag);
  return '';
}

function localised(tag: Buffer): string {
  const records = Math.min(tag.readUInt32BE(8), 50);
  const recordBytes = tag.readUInt32BE(12);
  let found = '';
  for (let index = 0; index < records; index++) {
    const at = 16 + index * recordBytes;
    if (at + 12 > tag.length) break;
    const start = tag.readUInt32BE(at + 8);
    const end = start + (tag.readUInt32BE(at + 4) & ~1);
    if (end > tag.length || start > end) continue;
    const text = Buffer.from(tag.subarray(start, end)).swap16().toString('utf16le');
    if (tag.toString('latin1', at, at + 2) === 'en') return text;
    found ||= text;
  }
  return found;
}

function tidy(text: string): string | null {
  const clean = (text.split('\0')[0] ?? '').replace(/\p{Cc}/gu, ' ').trim();
  return clean === '' ? null : clean.slice(0, 200);
}
