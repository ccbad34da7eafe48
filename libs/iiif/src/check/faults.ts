/** What our own rules find; names never change their meaning. */
export const manifestRules = [
  'json',
  'context',
  'id',
  'duplicate-id',
  'type',
  'property',
  'language-map',
  'language-tag',
  'label',
  'metadata',
  'html',
  'summary',
  'required-statement',
  'rights',
  'provider',
  'homepage',
  'rendering',
  'see-also',
  'part-of',
  'thumbnail',
  'service',
  'nav-date',
  'behavior',
  'viewing-direction',
  'items',
  'size',
  'annotation-page',
  'motivation',
  'body',
  'choice',
  'target',
  'annotations',
  'range',
  'start',
  'format',
  'canvas-link',
] as const;
/** One of `manifestRules`. */
export type ManifestRule = (typeof manifestRules)[number];

/** One broken rule: where (a path such as `items[0].label`), which, and in words. */
export interface ManifestFault {
  readonly path: string;
  readonly rule: ManifestRule;
  readonly detail: string;
}

/** An object of parsed JSON, members unknown. */
export type JsonObject = Record<string, unknown>;

/** What the walk through a manifest carries: the faults, and the ids met so far. */
export class Findings {
  readonly faults: ManifestFault[] = [];
  /** Every id of a manifest, canvas, page, annotation or range, with the path where it stands. */
  readonly ids = new Map<string, string>();
  readonly canvasIds = new Set<string>();

  add(path: string, rule: ManifestRule, detail: string): void {
    this.faults.push({ path, rule, detail });
  }

  /** Remembers an id that must be the only one of its name. */
  claim(id: string, path: string): void {
    const first = this.ids.get(id);
    if (first === undefined) this.ids.set(id, path);
    else this.add(`${path}.id`, 'duplicate-id', `${id} is already the id of ${first || 'the manifest'}`);
  }
}

/** True for a JSON object, not for a list or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a text that holds more than blanks. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

/** True for an absolute http or https address without blanks. */
export function isAddress(value: unknown): value is string {
  if (typeof value !== 'string' || /\s/u.test(value) || !/^https?:\/\/[^/]/u.test(value)) return false;
  return URL.canParse(value);
}

/** The member as a list of objects; a fault where it is something else, is empty, or holds something else. */
export function objectList(
  owner: JsonObject,
  name: string,
  path: string,
  rule: ManifestRule,
  findings: Findings,
): { value: JsonObject; path: string }[] {
  const list = owner[name];
  if (list === undefined) return [];
  const at = path === '' ? name : `${path}.${name}`;
  if (!Array.isArray(list)) {
    findings.add(at, rule, `${name} must be a list`);
    return [];
  }
  if (list.length === 0) findings.add(at, rule, `${name} must not be empty`);
  return list.flatMap((value: unknown, index) => {
    const place = `${at}[${index}]`;
    if (isObject(value)) return [{ value, path: place }];
    findings.add(place, rule, `${name} must hold objects`);
    return [];
  });
}

/** The id must be an absolute address; `fragment` says whether a fragment is allowed. */
export function checkId(
  owner: JsonObject,
  path: string,
  findings: Findings,
  fragment: 'allowed' | 'refused',
): string | undefined {
  const { id } = owner;
  const at = path === '' ? 'id' : `${path}.id`;
  if (id === undefined) findings.add(at, 'id', 'the id is missing');
  else if (!isAddress(id)) findings.add(at, 'id', 'the id is not an absolute http or https address');
  else if (fragment === 'refused' && id.includes('#')) findings.add(at, 'id', 'the id has a fragment');
  else return id;
  return undefined;
}

/** The type must be one of those expected; answers whether it is. */
export function checkType(owner: JsonObject, path: string, findings: Findings, expected: readonly string[]): boolean {
  const right = typeof owner['type'] === 'string' && expected.includes(owner['type']);
  if (!right)
    findings.add(
      path === '' ? 'type' : `${path}.type`,
      'type',
      `expected ${expected.join(' or ')} but received ${String(owner['type'])}`,
    );
  return right;
}
