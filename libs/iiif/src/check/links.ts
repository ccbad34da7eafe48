import { findRights } from '@albumen/domain';
import {
  checkId,
  isAddress,
  isObject,
  isText,
  objectList,
  type Findings,
  type JsonObject,
  type ManifestRule,
} from './faults.js';
import { checkLanguageMap, isLanguageTag } from './language.js';

const mediaType = /^[a-z]+\/[a-z0-9][a-z0-9.+-]*(\s*;.*)?$/u;
/** Content types of Presentation 3.0, 4.7 ("type"). */
export const contentTypes = ['Dataset', 'Image', 'Model', 'Sound', 'Text', 'Video'] as const;
const typeOfFormat: Readonly<Record<string, string>> = { image: 'Image', video: 'Video', audio: 'Sound' };

const rightsUri = new RegExp(
  '^http://(rightsstatements\\.org/vocab/(InC|InC-OW-EU|InC-EDU|InC-NC|InC-RUU|NoC-CR|NoC-NC|NoC-OKLR|NoC-US|CNE|UND|NKC)/1\\.0/' +
    '|creativecommons\\.org/(licenses/(by|by-sa|by-nd|by-nc|by-nc-sa|by-nc-nd)/(1|2|3|4)\\.[05](/[a-z]{2,3})?/|publicdomain/(zero|mark)/1\\.0/))$',
);

/** "The value must be a string … one of the Creative Commons or RightsStatements.org URIs" (3.1): http, trailing slash. */
export function checkRights(owner: JsonObject, path: string, findings: Findings): void {
  const { rights } = owner;
  if (rights === undefined) return;
  const known = typeof rights === 'string' && (findRights(rights) !== undefined || rightsUri.test(rights));
  if (!known)
    findings.add(
      path === '' ? 'rights' : `${path}.rights`,
      'rights',
      `${String(rights)} is not a rights statement of rightsstatements.org or creativecommons.org`,
    );
}

/** `navDate` must be a full UTC time: `1921-05-03T00:00:00Z`. */
export function checkNavDate(owner: JsonObject, path: string, findings: Findings): void {
  const { navDate } = owner;
  if (navDate === undefined) return;
  const shaped = typeof navDate === 'string' && /^-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/u.test(navDate);
  const date = shaped ? new Date(navDate) : undefined;
  const real =
    date &&
    !Number.isNaN(date.getTime()) &&
    (!/^\d{4}-/u.test(String(navDate)) || date.toISOString().slice(0, 19) === String(navDate).slice(0, 19));
  if (!real)
    findings.add(
      path === '' ? 'navDate' : `${path}.navDate`,
      'nav-date',
      'navDate must be a UTC time such as 1921-05-03T00:00:00Z',
    );
}

/** Checks `seeAlso`, `homepage`, `rendering`, `partOf`, `thumbnail`, `provider` and `service` where they stand. */
export function checkLinks(owner: JsonObject, path: string, findings: Findings): void {
  for (const link of objectList(owner, 'homepage', path, 'homepage', findings))
    checkLink(link.value, link.path, findings, 'homepage', 'label needed');
  for (const link of objectList(owner, 'rendering', path, 'rendering', findings))
    checkLink(link.value, link.path, findings, 'rendering', 'label needed');
  for (const link of objectList(owner, 'seeAlso', path, 'see-also', findings))
    checkLink(link.value, link.path, findings, 'see-also', 'label optional');
  for (const link of objectList(owner, 'thumbnail', path, 'thumbnail', findings))
    checkLink(link.value, link.path, findings, 'thumbnail', 'label optional');
  for (const { value, path: at } of objectList(owner, 'partOf', path, 'part-of', findings)) {
    checkId(value, at, findings, 'allowed');
    if (!isText(value['type'])) findings.add(`${at}.type`, 'part-of', 'the type is missing');
  }
  for (const { value, path: at } of objectList(owner, 'provider', path, 'provider', findings))
    checkProvider(value, at, findings);
  checkServices(owner, 'service', path, findings);
}

function checkLink(
  link: JsonObject,
  path: string,
  findings: Findings,
  rule: ManifestRule,
  label: 'label needed' | 'label optional',
): void {
  checkId(link, path, findings, 'allowed');
  const { type } = link;
  if (!contentTypes.some((known) => known === type))
    findings.add(`${path}.type`, rule, `${String(type)} is not a content type`);
  if (rule === 'thumbnail' && type !== 'Image') findings.add(`${path}.type`, rule, 'a thumbnail is an Image');
  if (link['label'] !== undefined) checkLanguageMap(link['label'], `${path}.label`, findings, 'refused');
  else if (label === 'label needed') findings.add(`${path}.label`, rule, 'the label is missing');
  checkContent(link, path, findings);
}

/** Format, language, size and services of a content resource. */
export function checkContent(resource: JsonObject, path: string, findings: Findings): void {
  const { format, language, width, height, type } = resource;
  if (format !== undefined) {
    if (typeof format !== 'string' || !mediaType.test(format))
      findings.add(`${path}.format`, 'format', `${String(format)} is not a media type`);
    else {
      const wanted = typeOfFormat[format.split('/')[0] ?? ''];
      if (wanted && contentTypes.some((known) => known === type) && type !== wanted)
        findings.add(`${path}.format`, 'format', `${format} is not the format of a ${String(type)}`);
    }
  }
  const languages = Array.isArray(language) ? (language as unknown[]) : language === undefined ? [] : [language];
  if (language !== undefined && (languages.length === 0 || !languages.every(isLanguageTag)))
    findings.add(`${path}.language`, 'language-tag', 'language must be a list of language tags');
  for (const [name, value] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (value !== undefined && !(typeof value === 'number' && Number.isInteger(value) && value > 0))
      findings.add(`${path}.${name}`, 'size', `${name} must be a whole number above 0`);
  }
  checkServices(resource, 'service', path, findings);
}

function checkProvider(agent: JsonObject, path: string, findings: Findings): void {
  checkId(agent, path, findings, 'allowed');
  if (agent['type'] !== 'Agent') findings.add(`${path}.type`, 'provider', 'a provider is an Agent');
  if (agent['label'] === undefined) findings.add(`${path}.label`, 'provider', 'the label is missing');
  else checkLanguageMap(agent['label'], `${path}.label`, findings, 'refused');
  for (const { value, path: at } of objectList(agent, 'logo', path, 'provider', findings))
    checkLink(value, at, findings, 'provider', 'label optional');
  for (const link of objectList(agent, 'homepage', path, 'homepage', findings))
    checkLink(link.value, link.path, findings, 'homepage', 'label needed');
  for (const link of objectList(agent, 'seeAlso', path, 'see-also', findings))
    checkLink(link.value, link.path, findings, 'see-also', 'label optional');
}

const imageProfiles: Readonly<Record<string, RegExp>> = {
  ImageService3: /^level[012]$/u,
  ImageService2: /^(level[012]|http:\/\/iiif\.io\/api\/image\/2\/level[012]\.json)$/u,
  ImageService1:
    /^(level[012]|http:\/\/library\.stanford\.edu\/iiif\/image-api\/1\.[01]\/(compliance|conformance)\.html#level[012])$/u,
};
const otherServices =
  /^(SearchService[12]|AutoCompleteService[12]|AuthCookieService1|AuthTokenService1|AuthLogoutService1|AuthProbeService2|AuthAccessService2|AuthAccessTokenService2|AuthLogoutService2)$/u;

/** Services have an id, a type of the registry and, for images, a profile that their version knows. */
export function checkServices(owner: JsonObject, name: 'service' | 'services', path: string, findings: Findings): void {
  for (const { value, path: at } of objectList(owner, name, path, 'service', findings)) {
    const id = value['id'] ?? value['@id'];
    const type = value['type'] ?? value['@type'];
    if (!isAddress(id)) findings.add(`${at}.id`, 'service', 'the id is missing or no absolute address');
    const profiles = typeof type === 'string' && Object.hasOwn(imageProfiles, type) ? imageProfiles[type] : undefined;
    if (profiles) {
      if (!(typeof value['profile'] === 'string' && profiles.test(value['profile'])))
        findings.add(`${at}.profile`, 'service', `${String(value['profile'])} is not a profile of ${String(type)}`);
    } else if (typeof type !== 'string' || !otherServices.test(type))
      findings.add(`${at}.type`, 'service', `${String(type)} is not a known type of service`);
    if (isObject(value['service'])) findings.add(`${at}.service`, 'service', 'service must be a list');
  }
}
