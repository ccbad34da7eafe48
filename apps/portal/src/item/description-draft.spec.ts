import { describe, expect, it } from 'vitest';
import {
  differing,
  draftFields,
  emptyBody,
  looksLikeEdtf,
  mergeDrafts,
  readField,
  withField,
} from './description-draft';

describe('description drafts', () => {
  it('read what they write, for every field', () => {
    for (const field of draftFields.filter((name) => name !== 'side')) {
      const text = field === 'people' || field === 'places' ? 'Một\nHai' : 'Ữ ễ ặ';
      expect(readField(withField(emptyBody(), field, text), field), field).toBe(text);
      expect(differing(withField(emptyBody(), field, text), emptyBody())).toEqual([field]);
      expect(withField(withField(emptyBody(), field, text), field, ''), field).toEqual(emptyBody());
    }
  });

  it('always say a side', () => {
    expect(readField(emptyBody(), 'side')).toBe('front');
    expect(readField(withField(emptyBody(), 'side', 'back'), 'side')).toBe('back');
  });

  it('join what two people wrote in different fields', () => {
    const base = withField(emptyBody(), 'creator', 'ai');
    const merged = mergeDrafts(base, withField(base, 'title.vi', 'Của tôi'), withField(base, 'creator', 'Hòa'));
    expect(merged.conflicts).toEqual([]);
    expect([readField(merged.body, 'title.vi'), readField(merged.body, 'creator')]).toEqual(['Của tôi', 'Hòa']);
  });

  it('name the field that both changed and keep mine on the screen', () => {
    const base = emptyBody();
    const merged = mergeDrafts(base, withField(base, 'title.vi', 'Tôi'), withField(base, 'title.vi', 'Hòa'));
    expect(merged.conflicts).toEqual(['title.vi']);
    expect(readField(merged.body, 'title.vi')).toBe('Tôi');
  });
});

describe('looksLikeEdtf', () => {
  it('takes the forms that the hint names', () => {
    for (const text of ['', '1909', '1909~', '1908/1910', '190X', '1909-06', '1909-06-01', '../1910', '19XX?'])
      expect(looksLikeEdtf(text), text).toBe(true);
    for (const text of ['khoảng 1909', '1909/06/01', '06-1909', 'c. 1909', '/'])
      expect(looksLikeEdtf(text), text).toBe(false);
  });
});
