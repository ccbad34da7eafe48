import { describe, expect, it } from 'vitest';
import { fullFacts, leastFacts } from '../testing/index.js';
import { buildManifest, type ManifestJson } from './build-manifest.js';
import { navDateOf, plainValue } from './manifest-words.js';

interface Body {
  readonly id: string;
  readonly type: string;
  readonly items?: readonly {
    readonly id: string;
    readonly label: Record<string, string[]>;
    readonly service: readonly { readonly type: string; readonly id: string }[];
  }[];
}

function bodyOf(manifest: ManifestJson, canvas: number): Body {
  const canvases = manifest['items'] as { items: { items: { body: Body }[] }[] }[];
  return canvases[canvas]?.items[0]?.items[0]?.body as Body;
}

describe('buildManifest', () => {
  const manifest = buildManifest(fullFacts);

  it('offers the untouched scan first and the restoration second, each with its label and service', () => {
    const body = bodyOf(manifest, 0);
    expect(body.type).toBe('Choice');
    expect(body.items?.map((item) => item.label['en'])).toEqual([['Untouched scan'], ['Restored by machine']]);
    expect(body.items?.map((item) => item.service[0])).toEqual([
      expect.objectContaining({ type: 'ImageService3', id: 'https://archive.example/iiif/image/original-1' }),
      expect.objectContaining({ type: 'ImageService3', id: 'https://archive.example/iiif/image/restored-1' }),
    ]);
  });

  it('paints a plain image where nothing was restored', () => {
    expect(bodyOf(manifest, 1)).toMatchObject({
      type: 'Image',
      id: 'https://archive.example/iiif/image/original-2/full/max/0/default.jpg',
    });
  });

  it('names the treatment, the level and the person in both languages', () => {
    const { value } = manifest['requiredStatement'] as { value: { en: [string]; vi: [string] } };
    expect(value.en[0]).toBe(
      'Restored by machine, level 1 repair: scratches and dust filled; fading, cast and contrast. Approved by Trần Minh on 21 November 2026. The untouched scan is the first choice.',
    );
    expect(value.vi[0]).toContain('Phục chế bằng máy, mức 1 (sửa chữa)');
    expect(value.vi[0]).toContain('Trần Minh ngày 21/11/2026');
  });

  it('says so where nothing was restored', () => {
    const { value } = buildManifest(leastFacts)['requiredStatement'] as { value: { en: [string] } };
    expect(value.en[0]).toBe('Shown as digitised; not restored.');
  });

  it('keeps date as written, file names and the receipt', () => {
    expect(JSON.stringify(manifest['metadata'])).toContain('3 tháng 5 năm 1921');
    expect(JSON.stringify(manifest['metadata'])).toContain('scan_001b.tif');
    expect(manifest['seeAlso']).toEqual([
      expect.objectContaining({ id: 'https://archive.example/api/files/receipt/1', format: 'application/json' }),
    ]);
    expect(manifest['navDate']).toBe('1921-05-03T00:00:00Z');
  });

  it('does not mix two manifests and gives the same JSON for the same facts', () => {
    const other = buildManifest({ ...fullFacts, description: { ...fullFacts.description, title: { en: 'Other' } } });
    expect(other['label']).toEqual({ en: ['Other'] });
    expect(JSON.stringify(buildManifest(fullFacts))).toBe(JSON.stringify(manifest));
  });

  it('refuses facts that make a manifest which breaks our rules', () => {
    expect(() => buildManifest({ ...fullFacts, rights: 'all mine' })).toThrow(/rights/);
    expect(() => buildManifest({ ...fullFacts, canvases: [] })).toThrow(/items/);
    expect(() => buildManifest({ ...fullFacts, homepage: '/photographs/1' })).toThrow(/homepage/);
  });

  it('shows words that look like markup as words', () => {
    const hostile = buildManifest({
      ...fullFacts,
      description: { ...fullFacts.description, creator: '<script>alert(1)</script>', title: { en: 'a < b > c' } },
    });
    expect(JSON.stringify(hostile['metadata'])).toContain('<span>&lt;script&gt;alert(1)&lt;/script&gt;</span>');
    expect(hostile['label']).toEqual({ en: ['a < b > c'] });
  });
});

describe('navDateOf', () => {
  it.each([
    ['1921-05-03', '1921-05-03T00:00:00Z'],
    ['1921-05', undefined],
    ['1921', undefined],
    ['1921-05-03~', undefined],
    ['1921-02-30', undefined],
    ['1921-05-03/1922-01-01', undefined],
    ['', undefined],
  ])('%j gives %j', (edtf, expected) => expect(navDateOf(edtf)).toBe(expected));
});

describe('plainValue', () => {
  it('leaves ordinary text and escapes what would be read as HTML', () => {
    expect([plainValue('3 < 4 & 5'), plainValue('<b>x</b>')]).toEqual([
      '3 < 4 & 5',
      '<span>&lt;b&gt;x&lt;/b&gt;</span>',
    ]);
  });
});
