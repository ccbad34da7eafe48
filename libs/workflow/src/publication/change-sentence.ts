import { didOf, regionKinds, type RegionKind } from '@albumen/domain';
import type { ReleaseTreatment } from './release.js';

const marks: Record<RegionKind, { one: string; many: string; vi: string }> = {
  scratch: { one: 'scratch', many: 'scratches', vi: 'vết xước' },
  dust: { one: 'speck of dust', many: 'specks of dust', vi: 'vết bụi' },
  stain: { one: 'stain', many: 'stains', vi: 'vết ố' },
  drawn: {
    one: 'mark that a person had drawn',
    many: 'marks that a person had drawn',
    vi: 'vết do người vẽ tay chỉ ra',
  },
};

const listed = (language: 'en' | 'vi', parts: readonly string[]): string =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(parts);

/** The day as it is written out; Vietnamese names the year too: "ngày 3 tháng 3 năm 2027". */
function day(language: 'en' | 'vi', at: string): string {
  const date = new Date(at);
  if (language === 'vi') return `${date.getUTCDate()} tháng ${date.getUTCMonth() + 1} năm ${date.getUTCFullYear()}`;
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(date);
}

/** A share as people say it: one digit after the point, and never a zero for something that is there. */
function percent(language: string, share: number): string {
  const value = share * 100;
  const format = (n: number, digits: number): string =>
    new Intl.NumberFormat(language, { minimumFractionDigits: 0, maximumFractionDigits: digits }).format(n);
  if (value < 0.05) return language === 'vi' ? `chưa đến ${format(0.1, 1)} %` : `less than ${format(0.1, 1)} %`;
  return `${format(value, 1)} %`;
}

/**
 * "What was changed", in both languages: only clauses that were measured. Nothing is said about faces, since no
 * detector has looked for them. `approvedBy` is '' where the name was erased.
 */
export function changeSentence(
  treatment: Pick<
    ReleaseTreatment,
    'marks' | 'layers' | 'replacedShare' | 'approvedAt' | 'broughtIn' | 'rebuilt' | 'stainsReduced'
  >,
  approvedBy: string,
): { en: string; vi: string } {
  const found = regionKinds.filter((kind) => (treatment.marks[kind] ?? 0) > 0);
  const count = (language: string, n: number): string => new Intl.NumberFormat(language).format(n);
  const en: string[] = [];
  const vi: string[] = [];
  if (found.length > 0) {
    const partsEn = found.map((kind) => {
      const n = treatment.marks[kind] ?? 0;
      return `${count('en', n)} ${n === 1 ? marks[kind].one : marks[kind].many}`;
    });
    const partsVi = found.map((kind) => `${count('vi', treatment.marks[kind] ?? 0)} ${marks[kind].vi}`);
    en.push(
      `filled ${listed('en', partsEn)} from their surroundings (${percent('en', treatment.replacedShare)} of the picture)`,
    );
    vi.push(
      `lấp ${listed('vi', partsVi)} theo vùng xung quanh (${percent('vi', treatment.replacedShare)} diện tích ảnh)`,
    );
  }
  const { rebuilt = 0, stainsReduced = 0 } = treatment;
  if (rebuilt > 0) {
    const areas = rebuilt === 1 ? '1 lost area' : `${count('en', rebuilt)} lost areas`;
    en.push(`rebuilt ${areas} that a person had marked, making up what stands there now`);
    vi.push(`dựng lại ${count('vi', rebuilt)} vùng đã mất do người đánh dấu, phần hiện có ở đó là do máy tạo ra`);
  }
  if (stainsReduced > 0) {
    const areas = stainsReduced === 1 ? 'a stained area' : `${count('en', stainsReduced)} stained areas`;
    en.push(`took back the colour and the darkness of ${areas}, keeping what lies underneath`);
    vi.push(`trừ bớt màu và độ sẫm của ${count('vi', stainsReduced)} vùng ố, giữ nguyên hình ảnh bên dưới`);
  }
  for (const layer of treatment.layers) {
    const said = didOf(layer, treatment.broughtIn?.includes(layer) === true);
    en.push(said.en);
    vi.push(said.vi);
  }
  const whenEn = day('en', treatment.approvedAt);
  const whenVi = day('vi', treatment.approvedAt);
  return {
    en: `A computer ${listed('en', en)}. ${approvedBy ? `${approvedBy} approved it` : 'It was approved'} on ${whenEn}.`,
    vi: `Máy tính đã ${listed('vi', vi)}. ${approvedBy ? `${approvedBy} đã duyệt` : 'Đã được duyệt'} ngày ${whenVi}.`,
  };
}
