/** The least that an ICC profile of an RGB display must hold (ICC.1:2001-04): Display P3's primaries, gamma 2.2. */
export function displayProfile(): Uint8Array {
  return profileOf('RGB ', [
    ['rXYZ', xyz(0.5151, 0.2412, -0.0011)],
    ['gXYZ', xyz(0.292, 0.6922, 0.0419)],
    ['bXYZ', xyz(0.1571, 0.0666, 0.7841)],
    ['rTRC', curveOf(2.2)],
    ['gTRC', curveOf(2.2)],
    ['bTRC', curveOf(2.2)],
  ]);
}

/** The same of a grey display with that gamma. */
export function greyProfile(gamma: number): Uint8Array {
  return profileOf('GRAY', [['kTRC', curveOf(gamma)]]);
}

/** `curveType` with one entry: a gamma as u8Fixed8. */
function curveOf(gamma: number): Buffer {
  const curve = Buffer.from('curv\0\0\0\0\0\0\0\x01\0\0\0\0', 'latin1');
  curve.writeUInt16BE(Math.round(gamma * 256), 12);
  return curve;
}

const fixed = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value * 65536));
  return bytes;
};

const xyz = (...values: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), ...values.map(fixed)]);

function profileOf(space: 'RGB ' | 'GRAY', own: readonly [string, Buffer][]): Uint8Array {
  const name = Buffer.from('Made for a test\0', 'latin1');
  const described = Buffer.concat([
    Buffer.from('desc\0\0\0\0\0\0\0', 'latin1'),
    Buffer.from([name.length]),
    name,
    Buffer.alloc(4 + 4 + 2 + 1 + 67),
  ]);
  const tags: [string, Buffer][] = [
    ['desc', described],
    ['cprt', Buffer.from('text\0\0\0\0none\0', 'latin1')],
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    ...own,
  ];
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  const bodies: Buffer[] = [];
  let at = 128 + table.length;
  tags.forEach(([tag, body], index) => {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    table.write(tag, 4 + 12 * index, 'latin1');
    table.writeUInt32BE(at, 8 + 12 * index);
    table.writeUInt32BE(body.length, 12 + 12 * index);
    bodies.push(padded);
    at += padded.length;
  });
  const head = Buffer.alloc(128);
  head.writeUInt32BE(at, 0);
  head.writeUInt32BE(0x02100000, 8);
  head.write(`mntr${space}XYZ `, 12, 'latin1');
  head.write('acsp', 36, 'latin1');
  Buffer.concat([fixed(0.9642), fixed(1), fixed(0.8249)]).copy(head, 68);
  return new Uint8Array(Buffer.concat([head, table, ...bodies]));
}
