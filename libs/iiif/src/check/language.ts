import { htmlFault, readsAsHtml } from './html.js';
import { isObject, type Findings, type JsonObject, type ManifestRule } from './faults.js';

/** BCP 47 as far as its shape goes (language, script, region with letters or digits, variants, private use), or `none`. */
const languageTag =
  /^(none|[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-([A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*(-[A-WY-Za-wy-z0-9](-[A-Za-z0-9]{2,8})+)*(-x(-[A-Za-z0-9]{1,8})+)?|x(-[A-Za-z0-9]{1,8})+)$/u;

/** True for a language tag by its shape, and for `none`. */
export function isLanguageTag(text: unknown): boolean {
  return typeof text === 'string' && languageTag.test(text);
}

/** Checks a language map; `html` says whether values may be HTML. */
export function checkLanguageMap(
  value: unknown,
  path: string,
  findings: Findings,
  html: 'allowed' | 'refused',
  rule: ManifestRule = 'language-map',
): void {
  if (!isObject(value)) {
    findings.add(path, rule, 'expected a language map such as {"vi": ["…"]}');
    return;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) findings.add(path, rule, 'the language map is empty');
  for (const [tag, texts] of entries) {
    const at = `${path}.${tag}`;
    if (!isLanguageTag(tag)) findings.add(at, 'language-tag', `"${tag}" is not a language tag`);
    if (!Array.isArray(texts) || texts.length === 0) {
      findings.add(at, 'language-map', 'expected a list of at least one text');
      continue;
    }
    for (const [index, text] of texts.entries()) checkText(text, `${at}[${index}]`, findings, html);
  }
}

function checkText(text: unknown, path: string, findings: Findings, html: 'allowed' | 'refused'): void {
  if (typeof text !== 'string') findings.add(path, 'language-map', 'expected a text');
  else if (text.trim() === '') findings.add(path, 'language-map', 'the text is empty');
  else if (readsAsHtml(text)) {
    const fault = html === 'refused' ? 'HTML is not allowed here' : htmlFault(text.trim());
    if (fault) findings.add(path, 'html', fault);
  }
}

/** Checks `{label, value}`, as metadata pairs and the required statement have it. */
export function checkPair(
  value: unknown,
  path: string,
  findings: Findings,
  rule: 'metadata' | 'required-statement',
): void {
  if (!isObject(value)) {
    findings.add(path, rule, 'expected an object with label and value');
    return;
  }
  for (const name of ['label', 'value'] as const) {
    if (value[name] === undefined) findings.add(`${path}.${name}`, rule, `${name} is missing`);
    else checkLanguageMap(value[name], `${path}.${name}`, findings, name === 'label' ? 'refused' : 'allowed');
  }
  for (const name of Object.keys(value))
    if (name !== 'label' && name !== 'value') findings.add(`${path}.${name}`, rule, `${name} does not belong here`);
}

/** Checks the descriptive members that every kind of resource may have. */
export function checkDescriptive(owner: JsonObject, path: string, findings: Findings): void {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  if (owner['label'] !== undefined) checkLanguageMap(owner['label'], at('label'), findings, 'refused');
  if (owner['summary'] !== undefined) checkLanguageMap(owner['summary'], at('summary'), findings, 'allowed', 'summary');
  if (owner['requiredStatement'] !== undefined)
    checkPair(owner['requiredStatement'], at('requiredStatement'), findings, 'required-statement');
  const { metadata } = owner;
  if (metadata === undefined) return;
  if (!Array.isArray(metadata)) findings.add(at('metadata'), 'metadata', 'metadata must be a list');
  else
    for (const [index, pair] of metadata.entries())
      checkPair(pair, `${at('metadata')}[${index}]`, findings, 'metadata');
}
