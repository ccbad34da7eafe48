import { describe, expect, it } from 'vitest';
import { Refusal } from '@albumen/domain';
import { cellsAround, openCellNet } from './cell-map.js';
import { installedModels, type InstalledModel } from './models.js';
import { closeOnProcessor } from './processor-session.js';
import { tinyModels } from './testing/pictures.js';

describe('cells of a searched picture', () => {
  it('belong to one place where they touch, also at a corner, and reach the floor', () => {
    const data = Uint8Array.from([9, 0, 0, 0, 0, 7, 0, 9, 0, 4, 0, 9]);
    const taken = new Uint8Array(12);
    const map = { rows: 3, columns: 4, data };
    expect(cellsAround(map, 0, 5, taken).sort((a, b) => a - b)).toEqual([0, 5]);
    expect(cellsAround(map, 7, 5, taken).sort((a, b) => a - b)).toEqual([7, 11]);
    expect([...taken]).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1]);
  });

  it('are refused where a net answers other shapes than cells', async () => {
    const model = (await installedModels(tinyModels())).get('damage-s') as InstalledModel;
    const run = await openCellNet(model, 1, 1);
    const failure = await run(new Uint8Array(64 * 48), 64, 48).catch((error: unknown) => error);
    await closeOnProcessor();
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure).toMatchObject({ code: 'restoration.output-not-sane' });
  });
});
