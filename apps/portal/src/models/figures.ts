import { inLanguage, type Language, type LocalText } from '@albumen/domain';
import type { ModelView } from '@albumen/contracts';
import { measuredSets, measuredTasks, metrics, numberedTasks, type Metric } from './figure-words';

type Figure = ModelView['figures'][number];

/** All figures of one kind, over every set of pictures they were measured on. */
export interface Measured {
  readonly task: string;
  readonly metric: string;
  /** From the worst to the best of the sets. */
  readonly values: readonly [worst: number, best: number];
  readonly ship: number | null;
  /** Reached on every set that has a bar, missed on one, or without any bar. */
  readonly verdict: 'reached' | 'missed' | 'none';
  readonly figures: readonly Figure[];
}

/** Figures put together by what was measured and how; what was missed comes first, what has no bar last. */
export function measuredOf(figures: readonly Figure[]): readonly Measured[] {
  const groups = new Map<string, Figure[]>();
  for (const figure of figures) {
    const key = `${figure.task}|${figure.metric}`;
    groups.set(key, [...(groups.get(key) ?? []), figure]);
  }
  const order = { missed: 0, reached: 1, none: 2 } as const;
  return [...groups.values()]
    .map((group): Measured => {
      const values = group.map(({ value }) => value).sort((one, other) => one - other);
      const [least = 0, most = least] = [values[0], values.at(-1)];
      const [{ task = '', metric = '' } = {}] = group;
      const judged = group.filter(({ held }) => held !== null);
      return {
        task,
        metric,
        values: metrics[metric]?.better === 'lower' ? [most, least] : [least, most],
        ship: judged[0]?.ship ?? null,
        verdict: judged.length === 0 ? 'none' : judged.every(({ held }) => held) ? 'reached' : 'missed',
        figures: group,
      };
    })
    .sort((one, other) => order[one.verdict] - order[other.verdict]);
}

interface Written {
  number(value: number, digits?: number): string;
  share(value: number): string;
}

/**
 * A number of a metric as people read it; a metric that is not known leaves the number alone. Beside its `bar` it has as many digits as
 * it takes to tell them apart: what just misses 95 % must not read 95 %.
 */
export function writtenValue(value: number, metric: string, formats: Written, bar: number | null = null): string {
  const written = [0, 1, 2].map((more) => [value, bar ?? value].map((one) => writtenWith(one, metric, formats, more)));
  const apart = value === bar || bar === null ? undefined : written.find(([own, other]) => own !== other);
  return (apart ?? written[0])?.[0] ?? '';
}

/** `more`: digits beyond the usual ones. */
function writtenWith(value: number, metric: string, formats: Written, more: number): string {
  const known: Metric | undefined = metrics[metric];
  if (!known) return formats.number(value, 3 + more);
  if (known.unit === 'share') return more === 0 ? formats.share(value) : `${formats.number(value * 100, more)} %`;
  if (known.unit === 'dB') return `${formats.number(value, 1 + more)} dB`;
  if (known.unit === 'deltaE') return `ΔE ${formats.number(value, 2 + more)}`;
  return formats.number(value, 1 + more);
}

/** Words of what was measured. */
export function taskWords(task: string, language: Language): string {
  for (const { name, words } of numberedTasks)
    if (name.test(task)) return task.replace(name, inLanguage(words, language));
  return known(measuredTasks, task, language);
}

export function metricWords(metric: string, language: Language): string {
  return inLanguage(metrics[metric]?.words, language) || metric;
}

export function setWords(set: string, language: Language): string {
  return known(measuredSets, set, language);
}

function known(table: Readonly<Record<string, LocalText>>, name: string, language: Language): string {
  return inLanguage(table[name], language) || name;
}
