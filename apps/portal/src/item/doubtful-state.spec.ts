import { deflateSync } from 'node:zlib';
import { crc32 } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { DoubtfulState } from './doubtful-state';
import { RecipeDraft } from './recipe-draft';

const size = { width: 40, height: 30 };

/** A mask as the analysis writes it: a palette's numbers, one byte each. */
function maskPng(value: (x: number, y: number) => number): ArrayBuffer {
  const rows = Array.from({ length: size.height }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: size.width }, (__, x) => value(x, y))]),
  );
  const chunk = (kind: string, data: Buffer): Buffer => {
    const out = Buffer.alloc(data.length + 12);
    out.writeUInt32BE(data.length, 0);
    out.write(kind, 4);
    data.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size.width, 0);
  head.writeUInt32BE(size.height, 4);
  head.set([8, 3], 8);
  const all = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('PLTE', Buffer.alloc(18)),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return all.buffer.slice(all.byteOffset, all.byteOffset + all.length) as ArrayBuffer;
}
const mask = maskPng((x, y) => (y === 4 && x > 5 && x < 30 ? 4 : x === 20 && y === 20 ? 5 : y === 10 ? 1 : 0));

async function opened(): Promise<DoubtfulState> {
  const state = new DoubtfulState();
  await state.open('/mask', size, async () => mask);
  return state;
}

describe('looking through doubtful marks', () => {
  it('goes round all of them, forward and back', async () => {
    const state = await opened();
    expect(state.marks()?.map(({ kind }) => kind)).toEqual(['scratch', 'dust']);
    expect([1, 1, 1, -1].map((by) => state.move(by as 1 | -1)?.kind)).toEqual(['scratch', 'dust', 'scratch', 'dust']);
    const other = await opened();
    expect(other.move(-1)?.kind).toBe('dust');
  });

  it('asks for the chosen mark as for a painted one; the same again or undo takes it back', async () => {
    const [state, draft] = [await opened(), new RecipeDraft()];
    state.toggle(draft);
    expect(draft.drawn()).toBe(false);
    state.choose([20.5 / 40, 20.5 / 30], 0.02);
    expect(state.chosen()?.kind).toBe('dust');
    state.toggle(draft);
    state.toggle(draft);
    expect(draft.markUp().strokes).toEqual([]);
    state.toggle(draft);
    expect(draft.markUp().strokes).toEqual([state.chosen()?.stroke]);
    expect(draft.steps().has('repair-damage')).toBe(true);
    expect(draft.body().steps?.[0]).toMatchObject({
      operation: 'repair-damage',
      strokes: [{ radius: expect.any(Number) }],
    });
    expect(state.isAsked(draft)).toBe(true);
    draft.undo();
    expect(state.isAsked(draft)).toBe(false);
    expect(draft.markUp().strokes).toEqual([]);
    draft.undo();
    expect(state.isAsked(draft)).toBe(true);
    state.choose([0.9, 0.9], 0.02);
    expect(state.chosen()).toBeNull();
  });

  it('knows a mark that lies in protected areas alone', async () => {
    const [state, draft] = [await opened(), new RecipeDraft()];
    const area = { x: 0.1, y: 0.1, width: 0.4, height: 0.1, reason: 'lettering' as const };
    draft.addProtected(area);
    expect(state.isProtected(draft)).toBe(false);
    expect(state.move(1)?.kind).toBe('scratch');
    expect(state.isProtected(draft)).toBe(false);
    draft.addProtected({ ...area, x: 0.5, width: 0.4 });
    expect(state.isProtected(draft)).toBe(true);
    state.move(1);
    expect(state.isProtected(draft)).toBe(false);
  });

  it('reads a mask once, and says where it cannot be read', async () => {
    const read = vi.fn(async () => mask);
    const state = new DoubtfulState();
    await state.open('/mask', size, read);
    await state.open('/mask', size, read);
    expect(read).toHaveBeenCalledTimes(1);
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await state.open('/other', size, () => Promise.reject(new Error('status 404')));
    expect([state.failed(), state.marks()]).toEqual([true, null]);
    await state.open('/other', size, read);
    expect(state.failed()).toBe(false);
  });
});
