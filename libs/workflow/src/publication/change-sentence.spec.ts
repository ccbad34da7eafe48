import { describe, expect, it } from 'vitest';
import { changeSentence } from './change-sentence.js';

const treatment = {
  marks: { scratch: 12, dust: 0, stain: 1 },
  layers: ['correct-tone'] as const,
  replacedShare: 0.0094,
  approvedAt: '2027-03-03T10:00:00.000Z',
};

describe('what was changed, in words', () => {
  it('says counts, share, steps, who and when', () => {
    expect(changeSentence(treatment, 'Nguyễn Thị Lan')).toEqual({
      en: 'A computer filled 12 scratches and 1 stain from their surroundings (0.9 % of the picture) and lifted the faded tones. Nguyễn Thị Lan approved it on 3 March 2027.',
      vi: 'Máy tính đã lấp 12 vết xước và 1 vết ố theo vùng xung quanh (0,9 % diện tích ảnh) và nâng lại sắc độ đã phai. Nguyễn Thị Lan đã duyệt ngày 3 tháng 3 năm 2027.',
    });
  });
  it('says nothing of what was not done', () => {
    const { en } = changeSentence({ ...treatment, marks: { scratch: 0, dust: 0, stain: 0 } }, 'An');
    expect(en).toBe('A computer lifted the faded tones. An approved it on 3 March 2027.');
  });
  it('tells marks that a person drew from those that were found', () => {
    const { en, vi } = changeSentence(
      { ...treatment, layers: [], marks: { ...treatment.marks, stain: 0, drawn: 2 } },
      'An',
    );
    expect(en).toContain('filled 12 scratches and 2 marks that a person had drawn from their surroundings');
    expect(vi).toContain('lấp 12 vết xước và 2 vết do người vẽ tay chỉ ra');
  });
  it('never says zero for something that was changed', () => {
    const { en } = changeSentence({ ...treatment, replacedShare: 0.0001 }, 'An');
    expect(en).toContain('less than 0.1 %');
  });
  it('says that faces were drawn anew and areas made up where a model of the institution did it', () => {
    const nothing = { scratch: 0, dust: 0, stain: 0 };
    const own = changeSentence({ ...treatment, marks: nothing, layers: ['treat-faces'] }, 'An');
    expect(own.en).toContain('without inventing features');
    const rebuilt = {
      ...treatment,
      marks: nothing,
      layers: ['treat-faces'],
      broughtIn: ['treat-faces'],
      rebuilt: 2,
    } as const;
    const { en, vi } = changeSentence(rebuilt, 'An');
    expect(en).toContain('rebuilt 2 lost areas that a person had marked, making up what stands there now');
    expect(en).toContain('features may be invented');
    expect(en).not.toContain('without inventing');
    expect(vi).toContain('nét mặt có thể là do mô hình thêm vào');
  });
  it('says of a stain that what lies under it was kept, and never that it was filled', () => {
    const nothing = { scratch: 0, dust: 0, stain: 0, drawn: 0 };
    const one = changeSentence({ ...treatment, marks: nothing, layers: [], stainsReduced: 1 }, 'An');
    expect(one.en).toContain('took back the colour and the darkness of a stained area, keeping what lies underneath.');
    expect(one.en).not.toContain('filled');
    const { vi } = changeSentence({ ...treatment, marks: nothing, layers: [], stainsReduced: 3 }, 'An');
    expect(vi).toContain('của 3 vùng ố, giữ nguyên hình ảnh bên dưới');
  });
  it('leaves an erased name out', () => {
    expect(changeSentence(treatment, '').en).toContain('It was approved on 3 March 2027.');
  });
});
