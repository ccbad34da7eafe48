import { factsOf, hasText, languages, treatmentLevelWords, type LocalText, type Side } from '@albumen/domain';
import type { InternationalString, MetadataItem } from '@iiif/presentation-3';
import type { ManifestFacts, ManifestTreatment } from './manifest-facts.js';

type Words = Required<LocalText>;

/** Words of the sides, on canvases. */
export const sideWords: Record<Side, Words> = {
  front: { en: 'Front', vi: 'Mặt trước' },
  back: { en: 'Back', vi: 'Mặt sau' },
  negative: { en: 'Negative', vi: 'Phim âm bản' },
  detail: { en: 'Detail', vi: 'Chi tiết' },
};

/** Labels of the two pictures of a Choice. */
export const choiceWords: Record<'original' | 'restoration', Words> = {
  original: { en: 'Untouched scan', vi: 'Bản quét nguyên trạng' },
  restoration: { en: 'Restored by machine', vi: 'Bản phục chế bằng máy' },
};

/** Label of the link to a receipt. */
export const receiptWords: Words = { en: 'Receipt of the restoration (JSON)', vi: 'Biên nhận phục chế (JSON)' };
/** Label of the link to the public page. */
export const homepageWords: Words = { en: 'Page of this photograph', vi: 'Trang của ảnh này' };

const labels = {
  referenceCode: { en: 'Reference code', vi: 'Ký hiệu tham chiếu' },
  creator: { en: 'Creator', vi: 'Người tạo' },
  date: { en: 'Date', vi: 'Thời gian' },
  extent: { en: 'Extent and technique', vi: 'Kích thước và kỹ thuật' },
  people: { en: 'People', vi: 'Người trong ảnh' },
  places: { en: 'Places', vi: 'Địa điểm' },
  collection: { en: 'Collection', vi: 'Bộ sưu tập' },
  fileName: { en: 'File name', vi: 'Tên tệp' },
  treatment: { en: 'Treatment', vi: 'Xử lý' },
} as const satisfies Record<string, Words>;

/**
 * Plain text as a value that IIIF shows as it is. "The value must be treated as HTML if it starts with < and ends
 * with >" (Presentation 3.0, 4.5): such text is escaped inside a `span`, anything else stays untouched.
 */
export function plainValue(text: string): string {
  const tidy = text.normalize('NFC').trim();
  if (!(tidy.startsWith('<') && tidy.endsWith('>'))) return tidy;
  return `<span>${tidy.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</span>`;
}

/** A text in our languages as a language map; `{ none: [''] }` never occurs: a text without words gives undefined. */
export function languageMap(
  text: LocalText,
  make: (value: string) => string = (value) => value.normalize('NFC').trim(),
): InternationalString | undefined {
  const map: Record<string, string[]> = {};
  for (const language of languages) {
    const value = text[language]?.trim();
    if (value) map[language] = [make(value)];
  }
  return Object.keys(map).length === 0 ? undefined : map;
}

/** Both languages, both known to have words. */
export function bothLanguages(words: Words): InternationalString {
  return { en: [words.en], vi: [words.vi] };
}

/** Label and value pairs; what is empty is left out. */
export function metadataPairs(facts: ManifestFacts): MetadataItem[] {
  const { description } = facts;
  const pairs: MetadataItem[] = [];
  const add = (label: Words, values: readonly string[]): void => {
    const kept = values.map(plainValue).filter((value) => value !== '');
    if (kept.length > 0) pairs.push({ label: bothLanguages(label), value: { none: kept } });
  };
  add(labels.referenceCode, [description.referenceCode]);
  add(labels.creator, [description.creator]);
  add(labels.date, [description.dateAsWritten || description.edtf]);
  add(labels.extent, [description.extentAndTechnique]);
  add(labels.people, description.people);
  add(labels.places, description.places);
  const collection = languageMap(facts.collection, plainValue);
  if (collection) pairs.push({ label: bothLanguages(labels.collection), value: collection });
  add(
    labels.fileName,
    facts.canvases.map((canvas) => canvas.fileName),
  );
  return pairs;
}

/** The statement a viewer must show: what a machine changed and who agreed to it, or that nothing was changed. */
export function treatmentStatement(facts: ManifestFacts): { label: InternationalString; value: InternationalString } {
  const treatments = facts.canvases.flatMap((canvas) => canvas.restoration?.treatment ?? []);
  const [treatment] = treatments;
  const words = treatment
    ? restoredWords(treatments, treatment)
    : { en: 'Shown as digitised; not restored.', vi: 'Hiển thị như khi số hóa; không phục chế.' };
  return { label: bothLanguages(labels.treatment), value: { en: [plainValue(words.en)], vi: [plainValue(words.vi)] } };
}

function restoredWords(treatments: readonly ManifestTreatment[], first: ManifestTreatment): Words {
  const level = treatments.reduce((most, one) => (one.level > most ? one.level : most), first.level);
  const operations = [...new Set(treatments.flatMap((one) => one.operations))];
  const done = (language: 'en' | 'vi'): string =>
    operations.map((operation) => factsOf(operation).label[language]).join('; ') ||
    { en: 'no change kept', vi: 'không giữ thay đổi nào' }[language];
  const approvals = (language: 'en' | 'vi'): string =>
    [...new Set(treatments.map((one) => `${one.approvedBy.normalize('NFC')} ${dayIn(one.approvedAt, language)}`))].join(
      language === 'en' ? ' and ' : ' và ',
    );
  return {
    en: `Restored by machine, level ${level} ${treatmentLevelWords[level].en}: ${done('en')}. Approved by ${approvals('en')}. The untouched scan is the first choice.`,
    vi: `Phục chế bằng máy, mức ${level} (${treatmentLevelWords[level].vi}): ${done('vi')}. Người duyệt: ${approvals('vi')}. Bản quét nguyên trạng là lựa chọn đầu tiên.`,
  };
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function dayIn(instant: string, language: 'en' | 'vi'): string {
  const [year, month, day] = instant.slice(0, 10).split('-').map(Number) as [number, number, number];
  return language === 'en' ? `on ${day} ${months[month - 1] ?? ''} ${year}` : `ngày ${day}/${month}/${year}`;
}

/** A canvas's label: its side, numbered where the same side occurs again. */
export function canvasLabel(facts: ManifestFacts, index: number): InternationalString {
  const side = facts.canvases[index]?.side ?? 'front';
  const sameSide = facts.canvases.filter((canvas) => canvas.side === side).length;
  const number = facts.canvases.slice(0, index + 1).filter((canvas) => canvas.side === side).length;
  const words = sideWords[side];
  return sameSide < 2 ? bothLanguages(words) : { en: [`${words.en} ${number}`], vi: [`${words.vi} ${number}`] };
}

/**
 * The date as UTC time where EDTF names one certain day of the Gregorian calendar, else undefined: "navDate … must be an
 * XSD dateTime … must have a time zone, should be UTC" (Presentation 3.0, 3.1).
 */
export function navDateOf(edtf: string): string | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(edtf.trim());
  if (!found || found[1] === '0000') return undefined;
  const date = new Date(`${edtf.trim()}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(edtf.trim())
    ? `${edtf.trim()}T00:00:00Z`
    : undefined;
}

/** The title, or the reference code, or the file name: a manifest must have a label. */
export function manifestLabel(facts: ManifestFacts): InternationalString {
  const { title, referenceCode } = facts.description;
  if (hasText(title)) return languageMap(title) as InternationalString;
  return { none: [referenceCode.trim() || facts.canvases[0]?.fileName || facts.id] };
}
