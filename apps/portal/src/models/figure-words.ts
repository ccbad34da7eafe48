import type { LocalText } from '@albumen/domain';

/** How a figure is measured: its words, how its number is written, and which way is better. */
export interface Metric {
  readonly words: Required<LocalText>;
  readonly unit: 'share' | 'dB' | 'deltaE' | 'number';
  readonly better: 'higher' | 'lower';
}

const metric = (
  en: string,
  vi: string,
  unit: Metric['unit'],
  better: Metric['better'] = unit === 'deltaE' || unit === 'number' ? 'lower' : 'higher',
): Metric => ({ words: { en, vi }, unit, better });

/** Metrics of the evaluations by the name they have there. A name that is not here is shown as it is written. */
export const metrics: Readonly<Record<string, Metric>> = {
  F1: metric('found, and rightly so (F1)', 'tìm thấy và đúng (F1)', 'share'),
  recall: metric('found', 'tìm thấy được', 'share'),
  precision: metric('rightly, of what it found', 'đúng, trong số đã tìm thấy', 'share'),
  'false-positive share': metric(
    'of a sound picture taken for damage',
    'phần ảnh lành bị coi là hư hại',
    'share',
    'lower',
  ),
  'mean share of eye distance': metric(
    'points of a face are off by, of the distance between the eyes',
    'độ lệch của các điểm trên mặt, so với khoảng cách hai mắt',
    'share',
    'lower',
  ),
  'false faces in 10 MP': metric('false faces in ten megapixels', 'khuôn mặt nhận nhầm trên mười megapixel', 'number'),
  'false area': metric(
    'of a picture without lettering taken for lettering',
    'phần ảnh không có chữ bị coi là chữ',
    'share',
    'lower',
  ),
  'scratches taken': metric('of scratches taken for lettering', 'phần vết xước bị coi là chữ', 'share', 'lower'),
  'dB over Telea': metric('better than filling without a net', 'tốt hơn cách lấp không dùng mạng', 'dB'),
  'values changed outside': metric('values changed outside the marks', 'giá trị bị đổi ngoài vết hỏng', 'number'),
  'values changed by what the hole held': metric(
    'values that depend on what the mark hid',
    'giá trị phụ thuộc vào phần bị che',
    'number',
  ),
  'dB over best': metric('better than the best classical filter', 'tốt hơn bộ lọc cổ điển tốt nhất', 'dB'),
  'dB over input': metric('better than the picture as it came', 'tốt hơn ảnh ban đầu', 'dB'),
  dB: metric('likeness to the picture it was given', 'mức giống với ảnh đưa vào', 'dB'),
  'mean ΔE2000': metric('mean change of colour', 'mức đổi màu trung bình', 'deltaE'),
  'dB (Y)': metric('likeness to the larger picture', 'mức giống với ảnh lớn gốc', 'dB'),
  'dB (Y) over bicubic': metric('better than enlarging without a net', 'tốt hơn cách phóng to không dùng mạng', 'dB'),
};

/** What was measured, by its name in the evaluations. Names of groups of people stand as the record writes them. */
export const measuredTasks: Readonly<Record<string, Required<LocalText>>> = {
  'scratch+dust': { en: 'scratches and dust', vi: 'vết xước và bụi' },
  'all classes': { en: 'scratches, dust and stains', vi: 'vết xước, bụi và vết ố' },
  scratch: { en: 'scratches', vi: 'vết xước' },
  dust: { en: 'dust', vi: 'bụi' },
  stain: { en: 'stains', vi: 'vết ố' },
  shadows: { en: 'pictures with drawn shadows, lamps and clouds', vi: 'ảnh được vẽ thêm bóng, đèn và mây' },
  whole: { en: 'photographs as they are', vi: 'ảnh chụp giữ nguyên' },
  undamaged: { en: 'sound pictures', vi: 'ảnh lành' },
  lettering: { en: 'lettering', vi: 'chữ in' },
  handwriting: { en: 'handwriting', vi: 'chữ viết tay' },
  scratched: { en: 'scratched pictures', vi: 'ảnh bị xước' },
  lookalikes: { en: 'pictures with rows of things that look like letters', vi: 'ảnh có các hàng vật trông giống chữ' },
  finding: { en: 'faces', vi: 'khuôn mặt' },
  proposing: { en: 'faces shown to the net that decides', vi: 'khuôn mặt được đưa cho mạng quyết định' },
  landmarks: { en: 'eyes, nose and mouth', vi: 'mắt, mũi và miệng' },
  'no people': { en: 'pictures without people', vi: 'ảnh không có người' },
  clean: { en: 'sound pictures', vi: 'ảnh lành' },
  worn: { en: 'worn pictures', vi: 'ảnh cũ, hư hại' },
  'averaged down': { en: 'made small again', vi: 'thu nhỏ trở lại' },
  Set5: { en: 'enlarging', vi: 'phóng to' },
  grain: { en: 'film grain', vi: 'hạt phim' },
  'no-harm': { en: 'sound pictures, after it', vi: 'ảnh lành, sau khi xử lý' },
};

/** Tasks whose name carries numbers: noise in levels of 255, quality of a JPEG, radius of a blur. */
export const numberedTasks: readonly { readonly name: RegExp; readonly words: Required<LocalText> }[] = [
  { name: /^awgn-(\d+)$/, words: { en: 'noise of $1 levels', vi: 'nhiễu $1 mức' } },
  { name: /^grey-noise-(\d+)$/, words: { en: 'grey noise of $1 levels', vi: 'nhiễu xám $1 mức' } },
  { name: /^jpeg-(\d+)$/, words: { en: 'JPEG of quality $1', vi: 'JPEG chất lượng $1' } },
  {
    name: /^awgn-(\d+)-jpeg-(\d+)$/,
    words: { en: 'noise of $1 levels in a JPEG of quality $2', vi: 'nhiễu $1 mức trong JPEG chất lượng $2' },
  },
  {
    name: /^blur-([\d.]+)-noise-(\d+)$/,
    words: { en: 'blur of $1 px with noise of $2 levels', vi: 'nhòe $1 px kèm nhiễu $2 mức' },
  },
];

/** Sets of pictures that figures come from. */
export const measuredSets: Readonly<Record<string, Required<LocalText>>> = {
  committed: { en: 'drawn test pictures', vi: 'ảnh vẽ để thử' },
  'held-out': { en: 'photographs kept out of the training', vi: 'ảnh chụp không dùng khi huấn luyện' },
  'held-out worn': { en: 'the same, worn as archives have them', vi: 'các ảnh đó, cũ như trong kho lưu trữ' },
  period: { en: 'period photographs without lettering', vi: 'ảnh xưa không có chữ' },
  rendered: { en: 'rendered faces', vi: 'khuôn mặt dựng bằng máy' },
  CBSD68: { en: 'CBSD68, photographs of a public benchmark', vi: 'CBSD68, bộ ảnh chuẩn công khai' },
  Kodak24: { en: 'Kodak24, photographs of a public benchmark', vi: 'Kodak24, bộ ảnh chuẩn công khai' },
  Set5: { en: 'Set5, five pictures of a public benchmark', vi: 'Set5, năm ảnh chuẩn công khai' },
  people: { en: 'old photographs of people', vi: 'ảnh cũ có người' },
};
