import { sourceOf } from './annotations.js';
import { checkBehavior } from './behavior.js';
import { checkId, checkType, isObject, objectList, type Findings, type JsonObject } from './faults.js';
import { checkDescriptive } from './language.js';
import { checkLinks, checkNavDate, checkRights } from './links.js';
import { checkProperties } from './properties.js';

const directions = ['left-to-right', 'right-to-left', 'top-to-bottom', 'bottom-to-top'];
const deepest = 20;

/** `viewingDirection` must be one of the four that exist (Presentation 3.0, 3.3). */
export function checkViewingDirection(owner: JsonObject, path: string, findings: Findings): void {
  const { viewingDirection } = owner;
  if (viewingDirection === undefined || directions.some((known) => known === viewingDirection)) return;
  findings.add(
    path === '' ? 'viewingDirection' : `${path}.viewingDirection`,
    'viewing-direction',
    `${String(viewingDirection)} is not a viewing direction`,
  );
}

/** `start` must point at a canvas of this manifest. */
export function checkStart(owner: JsonObject, path: string, findings: Findings): void {
  const { start } = owner;
  if (start === undefined) return;
  const at = path === '' ? 'start' : `${path}.start`;
  if (!isObject(start)) {
    findings.add(at, 'start', 'start must be an object');
    return;
  }
  checkType(start, at, findings, ['Canvas', 'SpecificResource']);
  if (!pointsAtCanvas(start, findings)) findings.add(at, 'start', 'start points at no canvas of this manifest');
}

/** Checks `structures`: ranges whose canvases exist. Call it after the canvases were walked. */
export function checkStructures(manifest: JsonObject, findings: Findings, extended: boolean): void {
  for (const range of objectList(manifest, 'structures', '', 'range', findings))
    checkRange(range.value, range.path, findings, extended, 0);
}

function checkRange(range: JsonObject, path: string, findings: Findings, extended: boolean, depth: number): void {
  if (!checkType(range, path, findings, ['Range'])) return;
  if (depth > deepest) {
    findings.add(path, 'range', `ranges are nested deeper than ${deepest}`);
    return;
  }
  checkProperties(range, 'Range', path, findings, extended);
  const id = checkId(range, path, findings, 'refused');
  if (id) findings.claim(id, path);
  checkDescriptive(range, path, findings);
  checkRights(range, path, findings);
  checkNavDate(range, path, findings);
  checkLinks(range, path, findings);
  checkBehavior(range, 'Range', path, findings);
  checkViewingDirection(range, path, findings);
  checkStart(range, path, findings);
  if (range['items'] === undefined) findings.add(`${path}.items`, 'range', 'a range has items');
  for (const { value, path: at } of objectList(range, 'items', path, 'range', findings)) {
    if (value['type'] === 'Range') checkRange(value, at, findings, extended, depth + 1);
    else if (value['type'] !== 'Canvas' && value['type'] !== 'SpecificResource')
      findings.add(`${at}.type`, 'range', `${String(value['type'])} does not belong in a range`);
    else if (!pointsAtCanvas(value, findings)) findings.add(at, 'range', 'it points at no canvas of this manifest');
  }
}

function pointsAtCanvas(reference: JsonObject, findings: Findings): boolean {
  const source = sourceOf(reference);
  return typeof source === 'string' && findings.canvasIds.has(source.split('#')[0] ?? '');
}
