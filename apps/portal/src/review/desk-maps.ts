import { factsOf } from '@albumen/domain';
import type { DeskView, RegionView } from '@albumen/contracts';
import type { Language } from '../language/language';
import { drawChangeMap, drawConfidenceMap } from '../viewer/change-map';
import type { Labels } from '../viewer/label-picture';

/** A map that can be laid over the picture. */
export interface OfferedMap {
  readonly name: string;
  readonly words: string;
  readonly kind: 'change' | 'confidence';
  readonly url: string;
  readonly perLevel: number;
}

/** The map of all changes, then those of single steps as they were stored. */
export function offeredMaps(
  desk: Pick<DeskView, 'changeMap' | 'stepMaps'>,
  t: Language['t'],
  text: Language['text'],
): readonly OfferedMap[] {
  const whole: OfferedMap = {
    name: '',
    words: t('map.all'),
    kind: 'change',
    url: desk.changeMap.url,
    perLevel: desk.changeMap.deltaEPerLevel,
  };
  return [
    whole,
    ...desk.stepMaps.map(({ kind, operation, url, perLevel }) => {
      const step = text(factsOf(operation).label);
      return {
        name: `${kind} ${operation}`,
        words: kind === 'change' ? step : t('map.confidence', { step }),
        kind,
        url,
        perLevel,
      };
    }),
  ];
}

/** Labels of the regions that stand in place of what was there; a stain that is taken back leaves it. */
export function replacedOnly(labels: Labels, regions: readonly Pick<RegionView, 'ordinal' | 'operation'>[]): Labels {
  const kept = new Set(regions.filter(({ operation }) => !factsOf(operation).canInvent).map(({ ordinal }) => ordinal));
  if (kept.size === 0) return labels;
  return { ...labels, values: labels.values.map((label) => (kept.has(label) ? 0 : label)) };
}

/** Draws a map; replaced areas are hatched on the map of all changes. */
export function drawOffered(map: OfferedMap, labels: Labels | null): Promise<HTMLCanvasElement> {
  return map.kind === 'confidence'
    ? drawConfidenceMap(map.url, map.perLevel)
    : drawChangeMap(map.url, map.perLevel, map.name === '' ? labels : null);
}
