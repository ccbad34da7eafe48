import { describe, expect, it } from 'vitest';
import {
  auditActions,
  canonicalJson,
  checkPublication,
  emptyDescription,
  errorTable,
  factsOf,
  findRights,
  foldForSearch,
  inLanguage,
  levelOf,
  may,
  mayMove,
  operationNames,
  proposeRecipe,
  proposalThresholds,
  refuse,
  retell,
  rejectReasons,
  requirePermission,
  restorationStatuses,
  rightsStatements,
  sentence,
  step,
  tidyText,
  variantName,
  type DamageReport,
  type ModelPin,
} from './index.js';

describe('errors', () => {
  it('say the same details in both languages', () => {
    for (const [code, row] of Object.entries(errorTable)) {
      const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
      expect(names(row.vi), code).toEqual(names(row.en));
      expect(row.vi, code).not.toBe(row.en);
    }
  });

  it('are plain sentences: no exclamation, a full stop or their detail at the end, a status of failure', () => {
    for (const [code, row] of Object.entries(errorTable)) {
      for (const text of [row.en, row.vi]) {
        expect(text, code).not.toMatch(/!|oops|successfully/i);
        expect(text, code).toMatch(/[.}]$/);
      }
      expect(row.status, code).toBeGreaterThanOrEqual(400);
    }
  });

  it('are told in the other language from a stored sentence, and never nest', () => {
    const told = sentence('restoration.output-not-sane', { operation: 'correct-tone', detail: 'all black' }, 'en');
    expect(retell('restoration.output-not-sane', told, 'en')).toBe(told);
    expect(retell('restoration.output-not-sane', told, 'vi')).toBe(
      'Kết quả của correct-tone không hợp lệ (all black) nên đã bỏ.',
    );
    expect(retell('storage.full', 'anything', 'vi')).toBe(sentence('storage.full', {}, 'vi'));
    expect(retell('file.damaged', 'cut off', 'en')).toContain('to its end: cut off.');
  });

  it('fill their details and leave unknown names visible', () => {
    expect(sentence('file.not-a-picture', { found: 'a text file' }, 'en')).toBe('This is not a picture: a text file.');
    expect(sentence('file.not-a-picture', {}, 'en')).toBe('This is not a picture: {found}.');
    expect(refuse('storage.full')).toMatchObject({ status: 507, retry: 'later' });
  });
});

describe('canonical JSON', () => {
  it('follows the examples of RFC 8785', () => {
    expect(
      canonicalJson({
        numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\u0022/",
        literals: [null, true, false],
      }),
    ).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    expect(
      canonicalJson({
        '\u20ac': 'Euro Sign',
        '\r': 'CR',
        '\ufb33': 'Dalet',
        '1': 'One',
        '\ud83d\ude00': 'Smiley',
        '\u0080': 'Control',
        '\u00f6': 'o',
      }),
    ).toBe('{"\\r":"CR","1":"One","\u0080":"Control","ö":"o","€":"Euro Sign","😀":"Smiley","\ufb33":"Dalet"}');
  });

  it('refuses what JSON cannot hold', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', () => 1, Symbol('x')])
      expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe('words', () => {
  it.each([
    ['Nguyễn Thị Lan', 'nguyen thi lan'],
    ['Đường phố Huế'.normalize('NFD'), 'duong pho hue'],
    ['ỮẶễ', 'uae'],
    ['TIỆM ẢNH', 'tiem anh'],
  ])('%s is found by %s', (text, folded) => expect(foldForSearch(text)).toBe(folded));

  it('come back in the other language where one is missing, and are tidied to NFC', () => {
    expect(inLanguage({ vi: 'Phố' }, 'en')).toBe('Phố');
    expect(inLanguage(null, 'vi')).toBe('');
    expect(tidyText({ en: '  ', vi: ' Ảnh '.normalize('NFD') })).toEqual({ vi: 'Ảnh'.normalize('NFC') });
  });
});

describe('permissions', () => {
  it('let nobody decide a review who is no curator or administrator', () => {
    expect(
      ['operator', 'curator', 'archivist', 'administrator'].filter((role) =>
        may([role as 'operator'], 'review.decide'),
      ),
    ).toEqual(['curator', 'administrator']);
  });

  it('refuse jobs and the system where a person is needed', () => {
    expect(() => requirePermission({ kind: 'job', name: 'x', id: '1' }, 'review.decide')).toThrow(
      expect.objectContaining({ code: 'access.person-needed' }),
    );
    expect(() =>
      requirePermission({ kind: 'person', id: '1', roles: ['operator'], door: 'web' }, 'review.decide'),
    ).toThrow(expect.objectContaining({ code: 'access.forbidden' }));
  });
});

const pins: Record<string, ModelPin> = {
  'damage-s': { id: 'damage-s', version: '1.0.0', sha256: 'a' },
  'restore-s': { id: 'restore-s', version: '1.0.0', sha256: 'b' },
};
const clean: DamageReport = {
  version: 1,
  width: 100,
  height: 100,
  masks: {
    scratch: { share: 0, count: 0, confidence: 1 },
    dust: { share: 0, count: 0, confidence: 1 },
    stain: { share: 0, count: 0, confidence: 1 },
  },
  noise: { value: 1, confidence: 1 },
  fading: { value: 0.05, confidence: 1, blackPoint: 2, whitePoint: 97 },
  cast: { value: 1, confidence: 1, a: 1, b: 0 },
  blur: { value: 0.5, confidence: 1 },
  tonality: { value: 'colour', confidence: 1 },
  notMeasured: [],
  models: [],
};

describe('the proposed recipe', () => {
  it('is empty for a picture that passes no threshold', () => expect(proposeRecipe(clean, pins).steps).toEqual([]));

  it('has exactly the steps whose damage was measured, fill before noise before tone', () => {
    const damaged: DamageReport = {
      ...clean,
      masks: { ...clean.masks, scratch: { share: 0.004, count: 2, confidence: 0.8 } },
      noise: { value: proposalThresholds.noise, confidence: 1 },
      fading: { ...clean.fading, value: proposalThresholds.fading },
    };
    expect(proposeRecipe(damaged, pins).steps.map((s) => s.operation)).toEqual([
      'repair-damage',
      'reduce-noise',
      'correct-tone',
    ]);
    expect(levelOf(proposeRecipe(damaged, pins))).toBe(1);
    expect(
      proposeRecipe({ ...clean, noise: { value: proposalThresholds.noise - 0.1, confidence: 1 } }, pins).steps,
    ).toEqual([]);
  });

  it('proposes no fill for stains alone, and no softening where noise could not be told from texture', () => {
    const stained = { ...clean, masks: { ...clean.masks, stain: { share: 0.2, count: 9, confidence: 0.9 } } };
    expect(proposeRecipe(stained, pins).steps).toEqual([]);
    // What can be told from the print is taken back, from the floor on.
    const told = (share: number): DamageReport => ({
      ...stained,
      masks: { ...stained.masks, stain: { ...stained.masks.stain, credible: { share, count: 4 } } },
    });
    const all = { ...pins, stains: { id: 'stains', version: '1.0.0', sha256: 'c' } };
    expect(proposeRecipe(told(0.9 * proposalThresholds.stainShare), all).steps).toEqual([]);
    expect(proposeRecipe(told(proposalThresholds.stainShare), all).steps).toMatchObject([
      { operation: 'reduce-stains', strength: 1, model: { id: 'stains' } },
    ]);
    expect(() => proposeRecipe(told(0.1), pins)).toThrow(expect.objectContaining({ code: 'model.missing' }));
    expect(proposeRecipe({ ...clean, noise: { value: 12, confidence: 0.4 } }, pins).steps).toEqual([]);
    expect(proposeRecipe({ ...clean, noise: { value: 12, confidence: 0.6 } }, pins).steps).toHaveLength(1);
  });

  it('leaves the tone of a sepia print alone and balances a cast of a colour one', () => {
    const cast = { value: 20, confidence: 1, a: 4, b: 19 };
    expect(proposeRecipe({ ...clean, cast, tonality: { value: 'toned', confidence: 1 } }, pins).steps).toEqual([]);
    expect(proposeRecipe({ ...clean, cast }, pins).steps[0]).toMatchObject({
      operation: 'correct-tone',
      parameters: { balance: 1 },
    });
  });

  it('refuses a step whose model is not installed', () =>
    expect(() => step('reduce-noise', 1, {}, {})).toThrow(expect.objectContaining({ code: 'model.missing' })));
});

describe('tables', () => {
  it('name a level, words in both languages and a source type for every operation', () => {
    for (const operation of operationNames) {
      const facts = factsOf(operation);
      expect([0, 1, 2, 3]).toContain(facts.level);
      // What can invent is never called a mere enhancement.
      if (facts.canInvent) expect(facts.sourceType).not.toBe('algorithmicallyEnhanced');
      expect(facts.label.en && facts.label.vi && facts.did.en && facts.did.vi).toBeTruthy();
    }
    expect(Object.keys(rejectReasons)).toHaveLength(9);
  });

  it('let a decided restoration only go back to proposed, and never from nowhere', () => {
    expect(restorationStatuses.filter((to) => mayMove('approved', to))).toEqual(['proposed']);
    expect(mayMove('requested', 'approved')).toBe(false);
    expect(mayMove('failed', 'proposed')).toBe(false);
  });

  it('offer only http rights URIs with a trailing slash', () => {
    for (const { uri } of rightsStatements)
      expect(uri).toMatch(/^http:\/\/(rightsstatements\.org\/vocab|creativecommons\.org)\/.+\/$/);
    expect(findRights('https://creativecommons.org/publicdomain/zero/1.0/')).toBeUndefined();
  });

  it('name an action by its subject', () => {
    for (const action of auditActions)
      expect(action).toMatch(
        /^(person|collection|accession|file|original|item|restoration|review|publication|model)\.[a-z-]+$/,
      );
  });

  it('name variants by what is in them', () => {
    expect(variantName({ regions: true, operations: ['correct-tone', 'reduce-noise'] })).toBe('rnt');
    expect(variantName({ regions: false, operations: [] })).toBe('');
  });
});

describe('publication rules', () => {
  const facts = {
    description: { ...emptyDescription, title: { vi: 'Phố' } },
    collectionRights: null,
    originalReady: true,
    openReviews: 0,
    approved: false,
    compositeReady: false,
  };
  const unmet = (change: object) =>
    checkPublication({ ...facts, ...change })
      .filter((row) => !row.met)
      .map((row) => row.rule);

  it('ask for a rights statement, of the item or of its collection', () => {
    expect(unmet({})).toEqual(['rights']);
    expect(unmet({ collectionRights: rightsStatements[0]?.uri })).toEqual([]);
    expect(unmet({ description: { ...facts.description, rights: 'http://example.org/mine' } })).toEqual(['rights']);
  });

  it('wait for open reviews and for the composite of an approved restoration', () => {
    expect(unmet({ collectionRights: rightsStatements[0]?.uri, openReviews: 1 })).toEqual(['decision-made']);
    expect(unmet({ collectionRights: rightsStatements[0]?.uri, approved: true })).toEqual(['composite-ready']);
  });
});
