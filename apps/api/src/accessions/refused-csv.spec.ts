import { describe, expect, it } from 'vitest';
import type { AccessionFileView } from '@albumen/contracts';
import { refusedAsCsv } from './refused-csv.js';

const row = (name: string): AccessionFileView => ({
  id: '00000000-0000-4000-8000-000000000000',
  position: 3,
  name,
  path: '',
  bytes: 0,
  bytesReceived: 0,
  outcome: 'refused',
  reason: { code: 'file.empty', details: {} },
  itemId: null,
  originalId: null,
  sameBytesAs: null,
  sha256: null,
  thumbnail: null,
  outcomeAt: null,
});

describe('refused files as CSV', () => {
  it('quotes, and takes the sting out of formulas', () => {
    const [, line] = refusedAsCsv([row('=HYPERLINK("x"), "a".jpg')]).split('\r\n');
    expect(line).toMatch(/^3,"'=HYPERLINK\(""x""\), ""a""\.jpg","",0,"file\.empty","The file is empty/);
  });
});
