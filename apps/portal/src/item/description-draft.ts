import { emptyDescription } from '@albumen/domain';
import type { DescriptionBody } from '@albumen/contracts';

/** Fields of a description in the order of the form; texts in two languages are two fields. */
export const draftFields = [
  'title.vi',
  'title.en',
  'side',
  'dateAsWritten',
  'edtf',
  'people',
  'places',
  'description.vi',
  'description.en',
  'alternativeText.vi',
  'alternativeText.en',
  'creator',
  'extentAndTechnique',
  'referenceCode',
  'rights',
  'custody',
] as const;
export type DraftField = (typeof draftFields)[number];

/** Reads one field as text; lists are joined by line breaks. */
export function readField(body: DescriptionBody, field: DraftField): string {
  const [name, language] = field.split('.') as [keyof DescriptionBody, 'en' | 'vi' | undefined];
  const value = body[name];
  if (Array.isArray(value)) return value.join('\n');
  if (typeof value === 'string') return value;
  return language ? ((value as Partial<Record<'en' | 'vi', string>>)[language] ?? '') : '';
}

/** The body with one field changed. An empty language is left out, as the domain wants it. */
export function withField(body: DescriptionBody, field: DraftField, text: string): DescriptionBody {
  const [name, language] = field.split('.') as [keyof DescriptionBody, 'en' | 'vi' | undefined];
  const value = body[name];
  if (Array.isArray(value)) return { ...body, [name]: text === '' ? [] : text.split('\n') };
  if (!language) return { ...body, [name]: text };
  const { [language]: _old, ...rest } = value as Partial<Record<'en' | 'vi', string>>;
  return { ...body, [name]: text === '' ? rest : { ...rest, [language]: text } };
}

/** Fields in which two descriptions differ, in form order. */
export function differing(one: DescriptionBody, other: DescriptionBody): readonly DraftField[] {
  return draftFields.filter((field) => readField(one, field) !== readField(other, field));
}

/**
 * Joins what two people wrote since `base`: where only one of them changed a field that one holds; where both did, it is a
 * conflict for a person to settle.
 */
export function mergeDrafts(
  base: DescriptionBody,
  mine: DescriptionBody,
  theirs: DescriptionBody,
): { readonly body: DescriptionBody; readonly conflicts: readonly DraftField[] } {
  let body = theirs;
  const conflicts: DraftField[] = [];
  for (const field of differing(mine, theirs)) {
    if (readField(mine, field) === readField(base, field)) continue;
    body = withField(body, field, readField(mine, field));
    if (readField(theirs, field) !== readField(base, field)) conflicts.push(field);
  }
  return { body, conflicts };
}

/** A description with nothing in it, as the contract has it. */
export function emptyBody(): DescriptionBody {
  return { ...emptyDescription, people: [], places: [] };
}

/** True for the plain forms of EDTF level 0–1 that the form hints at; the server has the last word. */
export function looksLikeEdtf(text: string): boolean {
  if (text === '') return true;
  const date = String.raw`-?\d{3}[\dX](?:-(?:\d{2}|XX)(?:-(?:\d{2}|XX))?)?|-?\d{2}XX|Y-?\d{5,}`;
  return (
    new RegExp(String.raw`^(?:(?:${date})[~?%]?|\.\.)?(?:/(?:(?:${date})[~?%]?|\.\.)?)?$`).test(text) && text !== '/'
  );
}
