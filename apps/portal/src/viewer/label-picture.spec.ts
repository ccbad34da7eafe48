import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { areasOf, readLabels } from './label-picture';

/** A 16-bit grey PNG whose rows use the given filter (1 = difference to the left, 2 = to the row above). */
function png(width: number, height: number, value: (x: number, y: number) => number, filter = 0): ArrayBuffer {
  const plain = Array.from({ length: height }, (_, y) => {
    const line = Buffer.alloc(width * 2);
    for (let x = 0; x < width; x += 1) line.writeUInt16BE(value(x, y), x * 2);
    return line;
  });
  const rows = plain.map((line, y) =>
    Buffer.from([
      filter,
      ...line.map(
        (byte, at) =>
          (byte - (filter === 1 ? (line[at - 2] ?? 0) : filter === 2 ? (plain[y - 1]?.[at] ?? 0) : 0)) & 0xff,
      ),
    ]),
  );
  const chunk = (kind: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 16;
  const all = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return all.buffer.slice(all.byteOffset, all.byteOffset + all.length) as ArrayBuffer;
}

describe('readLabels', () => {
  it.each([0, 1, 2])('keeps all 16 bits through row filter %i', async (filter) => {
    const labels = await readLabels(png(5, 4, (x, y) => (x === 2 && y > 0 ? 700 + y : 0), filter));
    expect([...labels.values]).toEqual([0, 0, 0, 0, 0, 0, 0, 701, 0, 0, 0, 0, 702, 0, 0, 0, 0, 703, 0, 0]);
  });

  it('keeps a thin region when it reduces', async () => {
    const labels = await readLabels(
      png(64, 8, (x) => (x === 33 ? 5 : 0)),
      16,
    );
    expect([labels.width, labels.height]).toEqual([16, 2]);
    expect([...labels.values].filter((value) => value === 5)).toHaveLength(2);
  });

  it('keeps the number of the highest weight where it reduces', async () => {
    const weight = (number: number): number => (number === 4 ? 1 : 2);
    const mixed = (first: number, then: number): ArrayBuffer => png(4, 2, (x) => (x % 2 === 0 ? first : then));
    expect([...(await readLabels(mixed(4, 1), 2, weight)).values]).toEqual([1, 1]);
    expect([...(await readLabels(mixed(1, 4), 2, weight)).values]).toEqual([1, 1]);
    expect([...(await readLabels(mixed(0, 4), 2, weight)).values]).toEqual([4, 4]);
    expect([...(await readLabels(mixed(4, 1), 2)).values]).toEqual([4, 4]);
  });

  it('refuses what is not a grey PNG', async () => {
    await expect(readLabels(new Uint8Array(64).buffer)).rejects.toThrow('Expected a PNG');
  });
});

describe('areasOf', () => {
  it('gives the exact area of the wanted regions only', async () => {
    const labels = await readLabels(png(4, 4, (x, y) => (y < 2 ? (x < 2 ? 1 : 2) : 0)));
    expect(areasOf(labels, new Set([1]))).toEqual([{ x: 0, y: 0, width: 0.5, height: 0.5 }]);
    expect(areasOf(labels, new Set([9]))).toEqual([]);
  });

  it('gives up where there is too much to draw', async () => {
    const labels = await readLabels(png(16, 16, (x, y) => (x + y) % 2));
    expect(areasOf(labels, new Set([1]), 20)).toBeNull();
  });
});
