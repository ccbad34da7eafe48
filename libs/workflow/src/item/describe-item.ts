import type { DescribeItem as DescribeItemBody } from '@albumen/contracts';
import { DescriptionRecord, ItemRecord, NothingToChange } from '@albumen/database';
import {
  canonicalJson,
  emptyDescription,
  findRights,
  foldForSearch,
  refuse,
  requirePermission,
  tidyText,
  type Actor,
  type Description,
  type Json,
} from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { boundedJson } from '../audit/bounded-json.js';
import { readEdtf } from './edtf-date.js';

/** Fields that name people; the audit log holds a salted digest of them. */
const personal: readonly (keyof Description)[] = ['people', 'creator', 'custody'];

/** Saves a description as a new version. A save that changes nothing makes no version. */
export class DescribeItem {
  constructor(private readonly bench: Workbench) {}

  /** Answers the version that now stands. Errors: `item.not-found`, `item.changed-meanwhile`, `description.date-unreadable`, `description.rights-unknown`. */
  async execute(actor: Actor, itemId: string, { fromVersion, body }: DescribeItemBody): Promise<{ version: number }> {
    const person = requirePermission(actor, 'item.describe');
    const description = tidy(body);
    return this.bench.database.change(person, async ({ manager, now, record }) => {
      const item = await manager.findOne(ItemRecord, { where: { id: itemId }, lock: { mode: 'pessimistic_write' } });
      if (!item) throw refuse('item.not-found', { id: itemId });
      const last = await manager.findOneBy(DescriptionRecord, { itemId, version: item.descriptionVersion });
      const before = last?.body ?? emptyDescription;
      const changed = (Object.keys(description) as (keyof Description)[]).filter(
        (field) => canonicalJson(description[field]) !== canonicalJson(before[field]),
      );
      if (changed.length === 0 && fromVersion <= item.descriptionVersion)
        throw new NothingToChange({ version: item.descriptionVersion });
      if (item.descriptionVersion !== fromVersion)
        throw refuse('item.changed-meanwhile', { version: item.descriptionVersion });
      const version = item.descriptionVersion + 1;
      await manager.insert(DescriptionRecord, {
        itemId,
        version,
        body: description,
        savedBy: person.id,
        savedAt: now,
      } as never);
      await manager.update(ItemRecord, { id: itemId }, {
        title: description.title,
        referenceCode: description.referenceCode,
        descriptionVersion: version,
        search: searchText(description, item.fileName),
      } as never);
      const stated = (from: Description): Json =>
        Object.fromEntries(changed.map((field) => [field, this.#forAudit(field, from[field] as Json)]));
      record({
        action: 'item.described',
        subject: itemId,
        item: itemId,
        before: { version: item.descriptionVersion, ...(stated(before) as object) },
        after: { version, ...(stated(description) as object) },
      });
      return { version };
    });
  }

  #forAudit(field: keyof Description, value: Json): Json {
    if (!personal.includes(field)) return boundedJson(value);
    const empty = value === '' || (Array.isArray(value) && value.length === 0);
    return empty ? '' : this.bench.database.veil(canonicalJson(value));
  }
}

/** Text of an item as it is searched: folded, all fields that a reader may see, and the file's name. */
export function searchText(description: Description, fileName: string): string {
  const { title, description: words, alternativeText } = description;
  const parts = [
    ...Object.values(title),
    description.referenceCode,
    description.creator,
    description.dateAsWritten,
    description.edtf,
    description.extentAndTechnique,
    ...description.people,
    ...description.places,
    ...Object.values(words),
    ...Object.values(alternativeText),
    fileName,
  ];
  return foldForSearch(parts.filter(Boolean).join(' \n '));
}

function tidy(body: Description): Description {
  const line = (text: string): string => text.normalize('NFC').trim();
  const lines = (texts: readonly string[]): string[] => [...new Set(texts.map(line).filter(Boolean))];
  const rights = line(body.rights);
  if (rights !== '' && !findRights(rights)) throw refuse('description.rights-unknown', { uri: rights });
  return {
    side: body.side,
    title: tidyText(body.title),
    referenceCode: line(body.referenceCode),
    creator: line(body.creator),
    dateAsWritten: line(body.dateAsWritten),
    edtf: readEdtf(body.edtf),
    extentAndTechnique: line(body.extentAndTechnique),
    people: lines(body.people),
    places: lines(body.places),
    description: tidyText(body.description),
    alternativeText: tidyText(body.alternativeText),
    rights,
    custody: line(body.custody),
  };
}
