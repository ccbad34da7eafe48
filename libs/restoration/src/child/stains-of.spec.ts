import { describe, expect, it } from 'vitest';
import { MarkCollector, type Mark } from '../picture/runs.js';
import { stainsOfThePhotograph } from './stains-of.js';

/** A picture of 80×40 px, its reduced copy of 20×10 cells; a stain 20 px wide and high from each place. */
const reduced = { width: 20, height: 10, factor: 4 } as const;

function stainsAt(...lefts: readonly number[]): readonly Mark[] {
  const collector = new MarkCollector();
  for (let y = 10; y < 30; y++) {
    const row = new Uint8Array(80);
    for (const left of lefts) row.fill(3, left, left + 20);
    collector.addRow(y, row, null);
  }
  return collector.marks();
}

const leftsOf = (marks: readonly Mark[]): readonly number[] => marks.map(({ left }) => left);

describe('stains of the photograph', () => {
  it('are those that do not lie mostly on the mount', () => {
    const inside = Uint8Array.from({ length: 200 }, (_, cell) => (cell % 20 < 12 ? 1 : 0));
    expect(leftsOf(stainsOfThePhotograph(stainsAt(10, 36), inside, reduced, []))).toEqual([10, 36]);
    expect(leftsOf(stainsOfThePhotograph(stainsAt(10, 42), inside, reduced, []))).toEqual([10]);
  });

  it('leave faces and the hair around them alone', () => {
    const inside = new Uint8Array(200).fill(1);
    const face = (x: number): { box: { x: number; y: number; width: number; height: number } } => ({
      box: { x, y: 14, width: 10, height: 12 },
    });
    expect(leftsOf(stainsOfThePhotograph(stainsAt(10, 50), inside, reduced, [face(15)]))).toEqual([50]);
    expect(leftsOf(stainsOfThePhotograph(stainsAt(10, 50), inside, reduced, [face(31)]))).toEqual([10, 50]);
  });
});
