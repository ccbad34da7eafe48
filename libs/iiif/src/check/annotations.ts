import { checkBehavior } from './behavior.js';
import {
  checkId,
  checkType,
  isAddress,
  isObject,
  isText,
  objectList,
  type Findings,
  type JsonObject,
} from './faults.js';
import { checkDescriptive } from './language.js';
import { checkContent, checkLinks, checkRights } from './links.js';
import { checkProperties } from './properties.js';

/** Where annotations stand: painting ones in a canvas's `items`, all others under `annotations`. */
export interface AnnotationPlace {
  readonly use: 'painting' | 'annotations';
  /** The canvas they belong to; undefined on a manifest or range. */
  readonly canvasId: string | undefined;
  readonly extended: boolean;
}

/** Checks one annotation page with all its annotations. */
export function checkAnnotationPage(page: JsonObject, path: string, findings: Findings, place: AnnotationPlace): void {
  checkType(page, path, findings, ['AnnotationPage']);
  checkProperties(page, 'AnnotationPage', path, findings, place.extended);
  const id = checkId(page, path, findings, 'refused');
  if (id) findings.claim(id, path);
  checkDescriptive(page, path, findings);
  checkRights(page, path, findings);
  checkLinks(page, path, findings);
  checkBehavior(page, 'AnnotationPage', path, findings);
  if (page['items'] === undefined && place.use === 'painting')
    findings.add(`${path}.items`, 'annotation-page', 'a painting page holds its annotations');
  for (const annotation of objectList(page, 'items', path, 'annotation-page', findings))
    checkAnnotation(annotation.value, annotation.path, findings, place);
}

function checkAnnotation(annotation: JsonObject, path: string, findings: Findings, place: AnnotationPlace): void {
  checkType(annotation, path, findings, ['Annotation']);
  checkProperties(annotation, 'Annotation', path, findings, place.extended);
  const id = checkId(annotation, path, findings, 'refused');
  if (id) findings.claim(id, path);
  checkDescriptive(annotation, path, findings);
  checkRights(annotation, path, findings);
  checkLinks(annotation, path, findings);
  checkBehavior(annotation, 'Annotation', path, findings);
  checkMotivation(annotation, path, findings, place);
  checkTarget(annotation['target'], `${path}.target`, findings, place);
  const { body } = annotation;
  if (place.use === 'painting') checkPaintingBody(body, `${path}.body`, findings);
  else if (body === undefined && annotation['bodyValue'] === undefined && annotation['motivation'] !== 'highlighting')
    findings.add(`${path}.body`, 'body', 'the body is missing');
}

function checkMotivation(annotation: JsonObject, path: string, findings: Findings, place: AnnotationPlace): void {
  const motivations = ([] as unknown[]).concat(annotation['motivation'] ?? []);
  if (motivations.length === 0 || !motivations.every(isText))
    findings.add(`${path}.motivation`, 'motivation', 'the motivation is missing');
  else if (place.use === 'painting' && !motivations.includes('painting'))
    findings.add(`${path}.motivation`, 'motivation', 'annotations in items have the motivation painting');
  else if (place.use === 'annotations' && motivations.includes('painting'))
    findings.add(`${path}.motivation`, 'annotations', 'painting annotations do not stand under annotations');
}

function checkTarget(target: unknown, path: string, findings: Findings, place: AnnotationPlace): void {
  const source = sourceOf(target);
  if (source === undefined) findings.add(path, 'target', 'the target is missing');
  else if (!isAddress(source)) findings.add(path, 'target', 'the target is not an absolute address');
  else if (place.use === 'painting' && source.split('#')[0] !== place.canvasId)
    findings.add(path, 'target', 'a painting annotation targets the canvas that holds it');
  else if (place.use === 'painting' && source.includes('#') && !/#(xywh=(pixel:|percent:)?\d|t=\d?)/u.test(source))
    findings.add(path, 'target', 'the fragment of the target is neither xywh nor t');
}

/** The address that a target points at: itself, its id, or the source of a specific resource. */
export function sourceOf(target: unknown): unknown {
  if (!isObject(target)) return target;
  return target['type'] === 'SpecificResource' ? sourceOf(target['source']) : target['id'];
}

const paintable = ['Image', 'Video', 'Sound', 'Model', 'TextualBody', 'Canvas'];

function checkPaintingBody(body: unknown, path: string, findings: Findings): void {
  if (Array.isArray(body)) {
    if (body.length === 0) findings.add(path, 'body', 'the body is missing');
    for (const [index, one] of body.entries()) checkPaintingBody(one, `${path}[${index}]`, findings);
    return;
  }
  if (!isObject(body)) {
    findings.add(path, 'body', body === undefined ? 'the body is missing' : 'the body must be an object');
    return;
  }
  if (body['type'] === 'Choice') checkChoice(body, path, findings);
  else if (body['type'] === 'SpecificResource') checkPaintingBody(body['source'], `${path}.source`, findings);
  else checkPainted(body, path, findings);
}

function checkChoice(choice: JsonObject, path: string, findings: Findings): void {
  const items = objectList(choice, 'items', path, 'choice', findings);
  if (choice['items'] === undefined) findings.add(`${path}.items`, 'choice', 'a Choice has items');
  if (choice['service'] !== undefined)
    findings.add(`${path}.service`, 'choice', 'the services belong to the items of a Choice');
  const seen = new Set<unknown>();
  for (const { value, path: at } of items) {
    if (value['type'] === 'Choice') findings.add(at, 'choice', 'a Choice does not hold a Choice');
    else checkPaintingBody(value, at, findings);
    if (value['label'] === undefined) findings.add(`${at}.label`, 'choice', 'every item of a Choice has a label');
    if (seen.has(value['id'])) findings.add(`${at}.id`, 'choice', 'two items of a Choice are the same');
    seen.add(value['id']);
  }
}

function checkPainted(body: JsonObject, path: string, findings: Findings): void {
  const { type } = body;
  if (typeof type !== 'string' || !paintable.includes(type))
    findings.add(`${path}.type`, 'body', `${String(type)} cannot be painted on a canvas`);
  if (type !== 'TextualBody') checkId(body, path, findings, 'allowed');
  if (body['@id'] !== undefined || body['@type'] !== undefined)
    findings.add(path, 'body', '@id and @type are of Presentation 2');
  if (body['label'] !== undefined) checkDescriptive({ label: body['label'] }, path, findings);
  if (type === 'Image' && (body['width'] === undefined) !== (body['height'] === undefined))
    findings.add(path, 'size', 'width and height stand together');
  checkContent(body, path, findings);
  if (type === 'Image' && body['service'] !== undefined && Array.isArray(body['service'])) {
    const images = body['service'].filter(
      (service) => isObject(service) && /^ImageService/u.test(String(service['type'] ?? service['@type'])),
    );
    if (images.length === 0) findings.add(`${path}.service`, 'service', 'the service of an image is an image service');
  }
}
