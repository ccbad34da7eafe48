import { checkAnnotationPage } from './annotations.js';
import { checkBehavior } from './behavior.js';
import { checkId, checkType, Findings, isObject, objectList, type JsonObject, type ManifestFault } from './faults.js';
import { checkDescriptive } from './language.js';
import { checkLinks, checkNavDate, checkRights, checkServices } from './links.js';
import { checkProperties } from './properties.js';
import { checkStart, checkStructures, checkViewingDirection } from './structures.js';

const presentationContext = 'http://iiif.io/api/presentation/3/context.json';

/**
 * Our own rules for a Presentation 3.0 manifest: structure and types, and what the official schema and the community's
 * validators let pass. Answers every fault with its path; an empty list means that the manifest may be stored.
 */
export function checkManifest(json: unknown): ManifestFault[] {
  const findings = new Findings();
  if (!isObject(json)) {
    findings.add('', 'json', 'a manifest is a JSON object');
    return findings.faults;
  }
  checkContext(json, findings);
  const extended = Array.isArray(json['@context']) && json['@context'].length > 1;
  if (!checkType(json, '', findings, ['Manifest'])) return findings.faults;
  checkProperties(json, 'Manifest', '', findings, extended);
  const id = checkId(json, '', findings, 'refused');
  if (id) findings.claim(id, '');
  if (json['label'] === undefined) findings.add('label', 'label', 'a manifest has a label');
  checkResource(json, '', findings);
  checkBehavior(json, 'Manifest', '', findings);
  checkViewingDirection(json, '', findings);
  checkServices(json, 'services', '', findings);
  if (json['items'] === undefined) findings.add('items', 'items', 'a manifest has at least one canvas');
  for (const canvas of objectList(json, 'items', '', 'items', findings))
    checkCanvas(canvas.value, canvas.path, findings, extended, 'item');
  checkExtraCanvases(json, '', findings, extended);
  checkAnnotations(json, '', findings, undefined, extended);
  checkStructures(json, findings, extended);
  checkStart(json, '', findings);
  return findings.faults;
}

/** "The value must … if it is an array, have the Presentation API context as the last" (4.6). */
function checkContext(manifest: JsonObject, findings: Findings): void {
  const context = manifest['@context'];
  if (context === undefined) findings.add('@context', 'context', '@context is missing');
  else if (Array.isArray(context)) {
    if (context.at(-1) !== presentationContext)
      findings.add('@context', 'context', 'the context of Presentation 3 must be the last');
    if (!context.every((one) => typeof one === 'string')) findings.add('@context', 'context', 'contexts are addresses');
    if (new Set(context).size !== context.length) findings.add('@context', 'context', 'a context is named twice');
  } else if (context !== presentationContext)
    findings.add('@context', 'context', `${String(context)} is not the context of Presentation 3`);
  if (Object.keys(manifest)[0] !== '@context' && context !== undefined)
    findings.add('@context', 'context', '@context must be the first member');
}

function checkResource(resource: JsonObject, path: string, findings: Findings): void {
  checkDescriptive(resource, path, findings);
  checkRights(resource, path, findings);
  checkNavDate(resource, path, findings);
  checkLinks(resource, path, findings);
}

function checkCanvas(
  canvas: JsonObject,
  path: string,
  findings: Findings,
  extended: boolean,
  place: 'item' | 'extra',
): void {
  if (!checkType(canvas, path, findings, ['Canvas'])) return;
  checkProperties(canvas, 'Canvas', path, findings, extended);
  const id = checkId(canvas, path, findings, 'refused');
  if (id) {
    findings.claim(id, path);
    if (place === 'item') findings.canvasIds.add(id);
  }
  checkResource(canvas, path, findings);
  checkBehavior(canvas, 'Canvas', path, findings);
  checkCanvasSize(canvas, path, findings);
  if (canvas['items'] === undefined)
    findings.add(`${path}.items`, 'items', 'a canvas has at least one annotation page');
  for (const page of objectList(canvas, 'items', path, 'items', findings)) {
    checkAnnotationPage(page.value, page.path, findings, { use: 'painting', canvasId: id, extended });
  }
  checkAnnotations(canvas, path, findings, id, extended);
  if (place === 'item') checkExtraCanvases(canvas, path, findings, extended);
  else
    for (const name of ['placeholderCanvas', 'accompanyingCanvas'])
      if (canvas[name] !== undefined) findings.add(`${path}.${name}`, 'canvas-link', `${name} does not nest`);
}

function checkCanvasSize(canvas: JsonObject, path: string, findings: Findings): void {
  const { width, height, duration } = canvas;
  if ((width === undefined) !== (height === undefined)) findings.add(path, 'size', 'width and height stand together');
  if (width === undefined && height === undefined && duration === undefined)
    findings.add(path, 'size', 'a canvas has width and height, or a duration');
  for (const [name, value] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (value !== undefined && !(typeof value === 'number' && Number.isInteger(value) && value > 0))
      findings.add(`${path}.${name}`, 'size', `${name} must be a whole number above 0`);
  }
  if (duration !== undefined && !(typeof duration === 'number' && Number.isFinite(duration) && duration > 0))
    findings.add(`${path}.duration`, 'size', 'duration must be a number above 0');
}

function checkExtraCanvases(owner: JsonObject, path: string, findings: Findings, extended: boolean): void {
  for (const name of ['placeholderCanvas', 'accompanyingCanvas']) {
    const canvas = owner[name];
    if (canvas === undefined) continue;
    const at = path === '' ? name : `${path}.${name}`;
    if (isObject(canvas)) checkCanvas(canvas, at, findings, extended, 'extra');
    else findings.add(at, 'canvas-link', `${name} must be a canvas`);
  }
}

function checkAnnotations(
  owner: JsonObject,
  path: string,
  findings: Findings,
  canvasId: string | undefined,
  extended: boolean,
): void {
  for (const page of objectList(owner, 'annotations', path, 'annotations', findings)) {
    checkAnnotationPage(page.value, page.path, findings, { use: 'annotations', canvasId, extended });
  }
}
