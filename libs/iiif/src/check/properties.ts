import type { Findings, JsonObject } from './faults.js';

const descriptive = ['label', 'metadata', 'summary', 'requiredStatement', 'rights', 'provider', 'thumbnail'];
const linking = ['seeAlso', 'service', 'homepage', 'rendering', 'partOf'];
const common = ['id', 'type', ...descriptive, ...linking, 'behavior'];

/** Members that Presentation 3.0, appendix A allows on each kind of resource. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  Manifest: [
    '@context',
    ...common,
    'navDate',
    'placeholderCanvas',
    'accompanyingCanvas',
    'viewingDirection',
    'services',
    'start',
    'items',
    'structures',
    'annotations',
  ],
  Canvas: [
    ...common,
    'navDate',
    'placeholderCanvas',
    'accompanyingCanvas',
    'height',
    'width',
    'duration',
    'items',
    'annotations',
  ],
  AnnotationPage: [...common, '@context', 'items', 'next', 'prev', 'startIndex'],
  Annotation: [
    ...common,
    '@context',
    'motivation',
    'body',
    'target',
    'timeMode',
    'creator',
    'created',
    'modified',
    'generator',
    'stylesheet',
    'bodyValue',
    'canonical',
    'via',
  ],
  Range: [
    ...common,
    'navDate',
    'placeholderCanvas',
    'accompanyingCanvas',
    'viewingDirection',
    'start',
    'supplementary',
    'items',
    'annotations',
  ],
};

/** Members of Presentation 2 that look right and are read by nobody. */
const old: Readonly<Record<string, string>> = {
  '@id': 'id',
  '@type': 'type',
  license: 'rights',
  attribution: 'requiredStatement',
  description: 'summary',
  viewingHint: 'behavior',
  sequences: 'items',
  canvases: 'items',
  images: 'items',
  otherContent: 'annotations',
  related: 'homepage',
  within: 'partOf',
  logo: 'provider',
  on: 'target',
  resource: 'body',
  startCanvas: 'start',
  ranges: 'items',
};

/**
 * A member that does not belong to its kind of resource is a fault. Extensions need a context of their own, so they pass
 * only where the manifest names more than one.
 */
export function checkProperties(
  owner: JsonObject,
  kind: keyof typeof allowed & string,
  path: string,
  findings: Findings,
  extended: boolean,
): void {
  const names = allowed[kind] ?? [];
  for (const name of Object.keys(owner)) {
    const at = path === '' ? name : `${path}.${name}`;
    const newer = Object.hasOwn(old, name) ? old[name] : undefined;
    if (name === '@context' && path !== '') findings.add(at, 'context', '@context stands at the top only');
    else if (names.includes(name)) continue;
    else if (newer) findings.add(at, 'property', `${name} is of Presentation 2; use ${newer}`);
    else if (!extended) findings.add(at, 'property', `${name} does not belong on a ${kind}`);
  }
}
