import {
  damageClasses,
  factsOf,
  factsOfStep,
  isWhite,
  levelOf,
  proposalThresholds,
  treatmentLevelWords,
  type ChangeNumbers,
  type DamageClass,
  type DamageReport,
  type Recipe,
  type RecipeStep,
} from '@albumen/domain';

type Language = 'en' | 'vi';

/** A proposal as a README tells of it. */
export interface MadeProposal {
  readonly recipe: Recipe;
  readonly numbers: ChangeNumbers;
  /** Name and id of the key that signed the receipt; null where nobody did. */
  readonly signedBy: string | null;
}

/** What a README tells of one picture. */
export interface ToldResult {
  readonly fileName: string;
  readonly report: DamageReport;
  /** What was made; `not-needed` by measurement, `measured` where the preset proposes nothing. */
  readonly made: MadeProposal | 'not-needed' | 'measured';
  /** Pages of the file; only the first is treated. */
  readonly pages: number;
  readonly finishedAt: string;
}

const classWords: Readonly<Record<DamageClass, Readonly<Record<Language, string>>>> = {
  scratch: { en: 'scratches and cracks', vi: 'vết xước và nứt' },
  dust: { en: 'dust and spots', vi: 'bụi và đốm' },
  stain: { en: 'stains', vi: 'vết ố' },
};
const tonalityWords = {
  'black-and-white': { en: 'black-and-white', vi: 'đen trắng' },
  toned: { en: 'toned', vi: 'đã ngả màu (sepia …)' },
  colour: { en: 'colour', vi: 'màu' },
} as const;
/** Names of what a report says it did not measure; an unknown one is shown as it is. */
const unmeasuredWords: Readonly<Record<string, string>> = {
  faces: 'khuôn mặt',
  lettering: 'chữ in',
  'further-lettering': 'chữ ở những chỗ khác',
  handwriting: 'chữ viết tay',
  tears: 'vết rách',
  losses: 'chỗ mất',
  'capture-faults': 'lỗi khi quét',
};

/** The text of README.txt: what was measured, what was changed, by which models; English, then Vietnamese. */
export function readmeOf(told: ToldResult): string {
  return `${inOneLanguage(told, 'en')}\n\n${'-'.repeat(72)}\n\n${inOneLanguage(told, 'vi')}\n`;
}

function inOneLanguage(told: ToldResult, language: Language): string {
  const { fileName, made, finishedAt, pages } = told;
  const en = language === 'en';
  const lines = [
    en ? `Albumen: ${fileName}` : `Albumen: ${fileName} (tiếng Việt)`,
    '',
    en
      ? `The original is untouched. This folder was made on ${finishedAt}.`
      : `Bản gốc không bị thay đổi. Thư mục này được tạo lúc ${finishedAt}.`,
  ];
  if (pages > 1)
    lines.push(
      en
        ? `The file holds ${pages} pages; this is about the first one alone.`
        : `Tệp có ${pages} trang; ở đây chỉ nói về trang đầu.`,
    );
  lines.push('', en ? 'MEASURED' : 'SỐ ĐO', ...measuredLines(told.report, language));
  if (made === 'measured')
    lines.push(
      '',
      en ? 'NOTHING CHANGED' : 'KHÔNG THAY ĐỔI',
      en
        ? 'The preset "faithful" measures and proposes nothing. Another preset may propose steps for these numbers.'
        : 'Chế độ "faithful" chỉ đo, không đề xuất gì. Chế độ khác có thể đề xuất các bước theo những số đo này.',
    );
  else if (made === 'not-needed')
    lines.push(
      '',
      en ? 'NO TREATMENT NEEDED' : 'KHÔNG CẦN XỬ LÝ',
      en
        ? 'None of these numbers is above its threshold, so nothing was changed and there is no proposal.'
        : 'Không số đo nào vượt ngưỡng, nên không thay đổi gì và không có đề xuất.',
    );
  else lines.push('', ...changedLines(told.report, made, language));
  lines.push('', en ? 'FILES' : 'CÁC TỆP', ...fileLines(typeof made === 'object', language));
  return lines.join('\n');
}

function measuredLines(report: DamageReport, language: Language): string[] {
  const en = language === 'en';
  const sure = (confidence: number): string =>
    en ? `(confidence ${decimal(confidence, 2)})` : `(độ tin cậy ${decimal(confidence, 2)})`;
  const lines = [
    en
      ? `- size: ${report.width} x ${report.height} pixels, ${tonalityWords[report.tonality.value].en}`
      : `- kích thước: ${report.width} x ${report.height} điểm ảnh, ${tonalityWords[report.tonality.value].vi}`,
  ];
  for (const name of damageClasses) {
    const { share, count, confidence } = report.masks[name];
    lines.push(
      en
        ? `- ${classWords[name].en}: ${count} marks, ${percent(share)} of the picture ${count === 0 ? '' : sure(confidence)}`.trimEnd()
        : `- ${classWords[name].vi}: ${count} vết, ${percent(share)} diện tích ảnh ${count === 0 ? '' : sure(confidence)}`.trimEnd(),
    );
  }
  lines.push(
    `- ${en ? 'noise and grain' : 'nhiễu và hạt'}: ${decimal(report.noise.value, 1)} / 255${whiteWords(report, en)} ${sure(report.noise.confidence)}`,
    `- ${en ? 'fading' : 'phai'}: ${percent(report.fading.value)} ${en ? 'of the tonal range is gone' : 'dải sắc độ đã mất'} ${sure(report.fading.confidence)}`,
    `- ${en ? 'colour cast' : 'ám màu'}: ${decimal(report.cast.value, 1)} ΔE ${sure(report.cast.confidence)}`,
    `- ${en ? 'blur of the sharpest edges' : 'độ nhòe của cạnh nét nhất'}: ${decimal(report.blur.value, 2)} px ${sure(report.blur.confidence)}`,
  );
  if (report.lowLight !== undefined)
    lines.push(
      `- ${en ? 'missing light' : 'thiếu sáng'}: ${percent(report.lowLight.value)} ${sure(report.lowLight.confidence)}`,
    );
  if (report.capture !== undefined) {
    const { clippedShadows, clippedHighlights, skew, border } = report.capture;
    lines.push(
      en
        ? `- the scan: ${percent(clippedShadows.value)} cut off at black, ${percent(clippedHighlights.value)} at white; turned by ${decimal(skew.value, 1)} degrees; ${percent(border.value)} border`
        : `- bản quét: mất chi tiết ${percent(clippedShadows.value)} ở vùng đen, ${percent(clippedHighlights.value)} ở vùng trắng; nghiêng ${decimal(skew.value, 1)} độ; viền ${percent(border.value)}`,
    );
  }
  if (report.faces !== undefined) lines.push(`- ${en ? 'faces found' : 'khuôn mặt tìm thấy'}: ${report.faces.length}`);
  if (report.lettering !== undefined) {
    const { lettering, marksOnLettering = 0 } = report;
    lines.push(
      en
        ? `- areas with lettering, protected: ${lettering.length}; marks on them, left alone: ${marksOnLettering}`
        : `- vùng có chữ, được bảo vệ: ${lettering.length}; vết nằm trên chữ, giữ nguyên: ${marksOnLettering}`,
    );
  }
  if (report.notMeasured.length > 0)
    lines.push(
      `- ${en ? 'not measured' : 'không đo'}: ${report.notMeasured.map((name) => (en ? name : (unmeasuredWords[name] ?? name))).join(', ')}`,
    );
  return lines;
}

function changedLines(report: DamageReport, made: MadeProposal, language: Language): string[] {
  const en = language === 'en';
  const { numbers, recipe, signedBy } = made;
  const level = levelOf(recipe);
  const lines = [
    en ? 'CHANGED' : 'ĐÃ THAY ĐỔI',
    en
      ? `Treatment level ${level}: ${treatmentLevelWords[level].en}. It is a proposal: a person decides what is true to the photograph.`
      : `Mức xử lý ${level}: ${treatmentLevelWords[level].vi}. Đây là đề xuất: con người quyết định điều gì đúng với ảnh.`,
    ...recipe.steps.flatMap((step) => stepLines(step, numbers, language)),
    en
      ? `- replaced: ${percent(numbers.replacedShare)} of the picture; ${numbers.regionCount} regions worked on`
      : `- thay mới: ${percent(numbers.replacedShare)} diện tích ảnh; ${numbers.regionCount} vùng được xử lý`,
    en
      ? `- moved as a whole: ${decimal(numbers.meanDeltaE, 2)} ΔE2000 on average, ${decimal(numbers.maxDeltaE, 1)} at most; ${percent(numbers.shareMoved)} of the picture by more than can just be noticed (2.3)`
      : `- xê dịch toàn ảnh: trung bình ${decimal(numbers.meanDeltaE, 2)} ΔE2000, nhiều nhất ${decimal(numbers.maxDeltaE, 1)}; ${percent(numbers.shareMoved)} diện tích đổi hơn mức vừa nhận ra (2,3)`,
  ];
  if (numbers.texture !== undefined)
    lines.push(
      `- ${keptWords(report, en)}: ${percent(numbers.texture.grainKept)} (${decimal(numbers.texture.grainBefore, 1)} → ${decimal(numbers.texture.grainAfter, 1)})`,
    );
  if (numbers.facesDeltaE !== undefined)
    lines.push(`- ${en ? 'inside faces' : 'trong khuôn mặt'}: ${decimal(numbers.facesDeltaE, 2)} ΔE2000`);
  lines.push(
    signedBy === null
      ? en
        ? 'The receipt is NOT SIGNED: nothing proves that it was not changed.'
        : 'Phiếu xử lý CHƯA KÝ: không có gì chứng minh nó chưa bị sửa.'
      : en
        ? `The receipt is signed by the key ${signedBy}. "albumen rerun receipt.json" checks it and runs it again.`
        : `Phiếu xử lý được ký bằng khóa ${signedBy}. Lệnh "albumen rerun receipt.json" kiểm tra và chạy lại.`,
  );
  return lines;
}

/** White noise is the scanner's, and no texture of the photograph. */
function keptWords({ noise }: DamageReport, en: boolean): string {
  if (isWhite(noise)) return en ? 'noise left' : 'nhiễu còn lại';
  return en ? 'grain kept' : 'hạt phim còn lại';
}

/** Below the floor it makes no difference what the noise is like. */
function whiteWords({ noise }: DamageReport, en: boolean): string {
  if (noise.value < proposalThresholds.noise || !isWhite(noise)) return '';
  return en ? ', white, as a scanner adds it' : ', nhiễu trắng, như máy quét tạo ra';
}

function stepLines(step: RecipeStep, { regionCount }: ChangeNumbers, language: Language): string[] {
  const en = language === 'en';
  const facts = factsOf(step.operation);
  const idle = facts.kind === 'region' && regionCount === 0;
  const nothing = en ? 'found nothing to do' : 'không có gì để làm';
  const numbers = Object.entries(step.parameters)
    .map(([name, value]) => {
      const known = facts.parameters[name];
      return `${known?.label[language] ?? name}: ${known?.words?.[value]?.[language] ?? decimal(value, 2)}`;
    })
    .join(', ');
  const invents = factsOfStep(step).canInvent
    ? en
      ? '; can add what was not there'
      : '; có thể thêm điều vốn không có'
    : '';
  const pins = [...(step.model === null ? [] : [step.model]), ...(step.further ?? [])];
  const by =
    pins.length === 0
      ? en
        ? 'by calculation, without a model'
        : 'bằng phép tính, không dùng mô hình'
      : `${en ? 'model' : 'mô hình'} ${pins.map((pin) => `${pin.id} ${pin.version} (sha256 ${pin.sha256})`).join(', ')}`;
  return [
    `- ${idle ? nothing : facts.did[language]} (${step.operation}, ${en ? 'strength' : 'cường độ'} ${decimal(step.strength, 2)}${numbers === '' ? '' : `; ${numbers}`}${invents})`,
    `    ${by}`,
  ];
}

function fileLines(made: boolean, language: Language): string[] {
  const en = language === 'en';
  const proposal = en
    ? [
        '- proposal.tif: the proposal at full depth',
        '- preview.jpg: the same, for a quick look',
        '- change-map.png: how far each place moved, in colours with their scale (ΔE2000)',
        '- receipt.json: input, steps, models, runtime and output: enough to run it again',
      ]
    : [
        '- proposal.tif: bản đề xuất, đủ độ sâu',
        '- preview.jpg: bản xem nhanh',
        '- change-map.png: mỗi chỗ đổi bao nhiêu, theo màu kèm thang đo (ΔE2000)',
        '- receipt.json: đầu vào, các bước, mô hình, môi trường và đầu ra: đủ để chạy lại',
      ];
  const report = en
    ? [
        '- damage-report.json: everything that was measured',
        '- damage-mask.png: where damage was found (orange scratches, blue dust, pink stains)',
      ]
    : ['- damage-report.json: mọi số đo', '- damage-mask.png: nơi tìm thấy hư hỏng (cam: xước, xanh: bụi, hồng: ố)'];
  return [...(made ? proposal : []), ...report];
}

function decimal(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** A share as per cent, with as many digits as small shares need. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value !== 0 && Math.abs(value) < 0.1 ? value.toPrecision(1) : decimal(value, 1)} %`;
}
