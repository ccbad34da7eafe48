import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { languages } from '@albumen/domain';
import type { ModelView } from '@albumen/contracts';
import { measuredTasks, metrics, measuredSets, numberedTasks } from './figure-words';
import { measuredOf, metricWords, setWords, taskWords, writtenValue } from './figures';

type Figure = ModelView['figures'][number];
const figure = (about: Partial<Figure>): Figure => ({
  task: 'finding',
  set: 'people',
  metric: 'recall',
  value: 0.8,
  baseline: '',
  ship: 0.93,
  aim: 0.97,
  held: false,
  ...about,
});
const formats = {
  number: (value: number, digits = 0) => value.toFixed(digits),
  share: (value: number) => `${(value * 100).toFixed(0)} %`,
};

describe('figures of a model', () => {
  it('are put together over the sets, from the worst to the best', () => {
    const [group, ...others] = measuredOf([
      figure({ value: 0.81 }),
      figure({ set: 'committed', value: 0.73 }),
      figure({ set: 'rendered', value: 0.94, held: true }),
    ]);
    expect(others).toEqual([]);
    expect(group?.values).toEqual([0.73, 0.94]);
    expect(group?.figures).toHaveLength(3);
  });

  it('have their worst at the upper end where less is better', () => {
    const metric = 'false faces in 10 MP';
    const [group] = measuredOf([figure({ metric, value: 0.4, held: true }), figure({ metric, value: 1.3 })]);
    expect(group?.values).toEqual([1.3, 0.4]);
  });

  it('miss their bar where one set does, and are told first', () => {
    const groups = measuredOf([
      figure({ metric: 'precision', held: null, ship: null }),
      figure({ held: true }),
      figure({ task: 'landmarks', held: true }),
      figure({ task: 'landmarks', set: 'committed', held: false }),
    ]);
    expect(groups.map(({ task, metric, verdict }) => [task, metric, verdict])).toEqual([
      ['landmarks', 'recall', 'missed'],
      ['finding', 'recall', 'reached'],
      ['finding', 'precision', 'none'],
    ]);
  });

  it('take the bar of a set that has one', () => {
    expect(measuredOf([figure({ ship: null, held: null }), figure({ set: 'committed', ship: 0.5 })])[0]?.ship).toBe(
      0.5,
    );
  });

  it('are written with their unit', () => {
    expect(writtenValue(0.25, 'recall', formats)).toBe('25 %');
    expect(writtenValue(1.04, 'dB over Telea', formats)).toBe('1.0 dB');
    expect(writtenValue(0.327, 'mean ΔE2000', formats)).toBe('ΔE 0.33');
    expect(writtenValue(12.3456, 'something new', formats)).toBe('12.346');
  });

  it('never read as the bar that they miss or pass by a little', () => {
    expect(writtenValue(0.949, 'recall', formats, 0.95)).toBe('94.9 %');
    expect(writtenValue(0.95, 'recall', formats, 0.95)).toBe('95 %');
    expect(writtenValue(0.9, 'recall', formats, 0.95)).toBe('90 %');
    expect(writtenValue(1.78, 'dB over Telea', formats, 1.8)).toBe('1.78 dB');
    expect(writtenValue(1.78, 'dB over Telea', formats, null)).toBe('1.8 dB');
  });

  it('have words for tasks with numbers in them', () => {
    expect(taskWords('awgn-15-jpeg-50', 'en')).toBe('noise of 15 levels in a JPEG of quality 50');
    expect(taskWords('blur-1.2-noise-5', 'vi')).toBe('nhòe 1.2 px kèm nhiễu 5 mức');
  });

  it('keep a name that has no words rather than hide it', () => {
    expect([taskWords('South-East Asia', 'vi'), metricWords('novelty', 'en'), setWords('elsewhere', 'vi')]).toEqual([
      'South-East Asia',
      'novelty',
      'elsewhere',
    ]);
  });
});

describe('the models that come with Albumen', () => {
  const folder = fileURLToPath(new URL('../../../../models', import.meta.url));
  const cards = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('model.json'))
    .map((path) => JSON.parse(readFileSync(join(folder, path), 'utf8')) as { id: string; evaluation?: Figure[] });

  it('are found', () => {
    expect(cards.map(({ id }) => id)).toEqual(expect.arrayContaining(['damage-s', 'restore-s', 'up2']));
  });

  it('have words in both languages for every metric and set, and for every task that is no group of people', () => {
    const bare = new Set<string>();
    for (const { id, evaluation } of cards)
      for (const { metric, set, task, baseline } of evaluation ?? [])
        for (const language of languages) {
          if (!metrics[metric]?.words[language]) bare.add(`${id}: metric ${metric}`);
          if (!measuredSets[set]?.[language]) bare.add(`${id}: set ${set}`);
          // Groups of people are told by their counts, "44 of 60 …".
          const group = set === 'people' && /^\d+ of \d+/.test(baseline);
          if (!group && !measuredTasks[task] && !numberedTasks.some(({ name }) => name.test(task)))
            bare.add(`${id}: task ${task}`);
        }
    expect([...bare]).toEqual([]);
  });
});
