import { describe, expect, it } from 'vitest';
import { readEdtf } from './edtf-date.js';

describe('EDTF dates', () => {
  it.each([
    '',
    '1921',
    '1921-05',
    '1920-02-29',
    '192X',
    '1921~',
    '1921?/1930',
    '1921/..',
    '../1921',
    '1921-21',
    '[1921,1922]',
  ])('takes %s', (date) => expect(readEdtf(date)).toBe(date));
  it.each([
    'circa 1921',
    '1890s',
    'khoảng 1921',
    '1921-02-29',
    '1921-02-30',
    '1921-13',
    '1930/1921',
    '1921-1',
    '1921-05-04T10:00:00Z',
    '19.5.1921',
  ])('refuses %s', (date) =>
    expect(() => readEdtf(date)).toThrow(expect.objectContaining({ code: 'description.date-unreadable' })),
  );
});
