import type { Findings, JsonObject } from './faults.js';

type Kind = 'Manifest' | 'Canvas' | 'Range' | 'Annotation' | 'AnnotationPage';

/** Behaviors of Presentation 3.0, 3.3, with the kinds of resource that they are valid on. */
const validOn: Readonly<Record<string, readonly Kind[]>> = {
  'auto-advance': ['Manifest', 'Canvas', 'Range'],
  'no-auto-advance': ['Manifest', 'Canvas', 'Range'],
  repeat: ['Manifest'],
  'no-repeat': ['Manifest'],
  unordered: ['Manifest', 'Range'],
  individuals: ['Manifest', 'Range'],
  continuous: ['Manifest', 'Range'],
  paged: ['Manifest', 'Range'],
  'facing-pages': ['Canvas'],
  'non-paged': ['Canvas'],
  'multi-part': [],
  together: [],
  sequence: ['Range'],
  'thumbnail-nav': ['Range'],
  'no-nav': ['Range'],
  hidden: ['Annotation', 'AnnotationPage'],
};

/** Of each group at most one holds: "disjoint with". */
const disjoint: readonly (readonly string[])[] = [
  ['auto-advance', 'no-auto-advance'],
  ['repeat', 'no-repeat'],
  ['unordered', 'individuals', 'continuous', 'paged'],
  ['facing-pages', 'non-paged'],
  ['sequence', 'thumbnail-nav', 'no-nav'],
];

/** Checks `behavior`: a list of known words that are valid here and do not contradict each other. */
export function checkBehavior(owner: JsonObject, kind: Kind, path: string, findings: Findings): void {
  const { behavior } = owner;
  if (behavior === undefined) return;
  const at = path === '' ? 'behavior' : `${path}.behavior`;
  if (!Array.isArray(behavior) || behavior.length === 0) {
    findings.add(at, 'behavior', 'behavior must be a list of at least one word');
    return;
  }
  for (const word of behavior as unknown[]) {
    const kinds = typeof word === 'string' && Object.hasOwn(validOn, word) ? validOn[word] : undefined;
    if (!kinds) findings.add(at, 'behavior', `${String(word)} is not a behavior`);
    else if (!kinds.includes(kind)) findings.add(at, 'behavior', `${String(word)} is not valid on a ${kind}`);
  }
  for (const group of disjoint) {
    const met = group.filter((word) => behavior.includes(word));
    if (met.length > 1) findings.add(at, 'behavior', `${met.join(' and ')} contradict each other`);
  }
}
