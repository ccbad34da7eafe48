import { describe, expect, it } from 'vitest';
import { factsOf, operationNames, storedVariants, type Operation } from '@albumen/domain';
import { scheduleProposal, wholeVariant } from './schedule.js';

/** Every set of operations. */
const sets: Operation[][] = Array.from({ length: 2 ** operationNames.length - 1 }, (_, at) =>
  operationNames.filter((_name, place) => ((at + 1) >> place) % 2 === 1),
);

describe('schedule of a proposal', () => {
  it.each(sets.map((steps) => [steps.join(', '), steps] as const))(
    'makes, shows and frees everything once: %s',
    (_, steps) => {
      const alive = new Set(['']);
      const encoded: string[] = [];
      const runs: string[] = [];
      const layers: Operation[] = [];
      let wholes = 0;
      let masters = 0;
      let most = 0;
      for (const task of scheduleProposal(steps)) {
        if (task.kind === 'make') {
          for (const { from, variant } of [task, ...(task.twin === null ? [] : [task.twin])]) {
            expect(alive).toContain(from);
            expect(alive).not.toContain(variant);
            alive.add(variant);
          }
          runs.push(task.operation);
        } else if (task.kind === 'free') expect(alive.delete(task.variant)).toBe(true);
        else if (task.kind === 'compare') {
          expect(alive).toContain(task.before);
          expect(alive).toContain(task.after);
          for (const operation of task.operations)
            if (operation === null) wholes += 1;
            else layers.push(operation);
        } else {
          expect(alive).toContain(task.variant);
          if (task.kind === 'encode') encoded.push(task.variant);
          else masters += 1;
        }
        most = Math.max(most, alive.size);
      }
      expect([...alive]).toEqual(['']);
      expect([...encoded].sort()).toEqual([...storedVariants(steps)].sort());
      expect(layers).toEqual(steps.filter((name) => factsOf(name).kind === 'layer'));
      expect([wholes, masters]).toEqual([1, 1]);
      // The chain itself, the original, and the twin without repairs.
      expect(most).toBeLessThanOrEqual(wholeVariant(steps).length + 2);
      // Nets run once each; with repairs and without, noise shares what no region touches.
      // Regions of all steps are made together.
      const regions = steps.filter((name) => factsOf(name).kind === 'region');
      expect(runs.filter((name) => factsOf(name as Operation).kind === 'region')).toEqual(regions.slice(0, 1));
      expect(runs.filter((name) => name === 'enlarge')).toHaveLength(steps.includes('enlarge') ? 1 : 0);
      expect(runs.filter((name) => name === 'reduce-noise').length).toBeLessThanOrEqual(1);
    },
  );
});
