/**
 * ICC profile (ICC.1:2010, version 4.3) of the colour picture that a grey one becomes once colour is laid over it: the
 * primaries of sRGB, and for all three channels the very tone curve of the grey profile, so that equal channels mean the
 * grey they meant before. Without a grey profile, or one without a curve, the curve is that of sRGB. The same bytes for the
 * same profile.
 */
export function colourProfileFor(grey: Uint8Array | null): Uint8Array {
  const curve = grey === null ? null : greyCurve(grey);
  const name = curve === null ? 'sRGB' : 'sRGB primaries, tone curve of the grey original';
  const tone = curve ?? parametric(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);
  return profile([
    ['desc', text(name)],
    ['cprt', text('No copyright, use freely')],
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    // IEC 61966-2-1, adapted to D50 by Bradford's matrix.
    ['rXYZ', xyz(0.43607, 0.22249, 0.01392)],
    ['gXYZ', xyz(0.38515, 0.71687, 0.09708)],
    ['bXYZ', xyz(0.14307, 0.06061, 0.7141)],
    ['rTRC', tone],
    ['gTRC', tone],
    ['bTRC', tone],
  ]);
}

/** The tag `kTRC` of a grey profile: a `curv` or `para` element as it stands; null where there is none to read. */
function greyCurve(grey: Uint8Array): Buffer | null {
  const bytes = Buffer.from(grey.buffer, grey.byteOffset, grey.byteLength);
  if (bytes.length < 132 || bytes.toString('latin1', 16, 20) !== 'GRAY') return null;
  for (let at = 132; at + 12 <= Math.min(bytes.length, 132 + 12 * bytes.readUInt32BE(128)); at += 12) {
    if (bytes.toString('latin1', at, at + 4) !== 'kTRC') continue;
    const from = bytes.readUInt32BE(at + 4);
    const tag = bytes.subarray(from, from + bytes.readUInt32BE(at + 8));
    const kind = tag.toString('latin1', 0, 4);
    return tag.length >= 12 && (kind === 'curv' || kind === 'para') ? Buffer.from(tag) : null;
  }
  return null;
}

function fixed(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value * 65536));
  return bytes;
}

function xyz(...values: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), ...values.map(fixed)]);
}

/** `parametricCurveType` 3: Y = (aX + b)^g from d on, below it cX. */
function parametric(...[g, a, b, c, d]: readonly [number, number, number, number, number]): Buffer {
  return Buffer.concat([Buffer.from('para\0\0\0\0\0\x03\0\0', 'latin1'), ...[g, a, b, c, d].map(fixed)]);
}

/** `multiLocalizedUnicodeType` with one record, en-US. */
function text(words: string): Buffer {
  const utf16 = Buffer.from(words, 'utf16le').swap16();
  const head = Buffer.alloc(28);
  head.write('mluc', 0, 'latin1');
  head.writeUInt32BE(1, 8);
  head.writeUInt32BE(12, 12);
  head.write('enUS', 16, 'latin1');
  head.writeUInt32BE(utf16.length, 20);
  head.writeUInt32BE(28, 24);
  return Buffer.concat([head, utf16]);
}

function profile(tags: readonly (readonly [name: string, body: Buffer])[]): Uint8Array {
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  const bodies: Buffer[] = [];
  const known = new Map<Buffer, number>();
  let end = 128 + table.length;
  tags.forEach(([name, body], index) => {
    const at = known.get(body) ?? end;
    table.write(name, 4 + 12 * index, 'latin1');
    table.writeUInt32BE(at, 8 + 12 * index);
    table.writeUInt32BE(body.length, 12 + 12 * index);
    if (at !== end) return;
    known.set(body, at);
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    bodies.push(padded);
    end += padded.length;
  });
  const head = Buffer.alloc(128);
  head.writeUInt32BE(end, 0);
  head.writeUInt32BE(0x04300000, 8);
  head.write('mntrRGB XYZ ', 12, 'latin1');
  // A fixed date: the same profile must always be the same bytes.
  [2026, 1, 1, 0, 0, 0].forEach((part, place) => head.writeUInt16BE(part, 24 + 2 * place));
  head.write('acsp', 36, 'latin1');
  Buffer.concat([fixed(0.9642), fixed(1), fixed(0.8249)]).copy(head, 68);
  return new Uint8Array(Buffer.concat([head, table, ...bodies]));
}
