import { describe, expect, it } from 'vitest';
import { notOkManifests, okManifests } from '../testing/index.js';
import { checkManifest } from './check-manifest.js';
import { manifestRules } from './faults.js';

describe('checkManifest', () => {
  it.each(Object.entries(okManifests()))('lets the %s manifest pass', (_, manifest) => {
    expect(checkManifest(manifest)).toEqual([]);
  });

  it.each(notOkManifests().map((fault) => [fault.name, fault] as const))('refuses: %s', (_, { manifest, rule }) => {
    const faults = checkManifest(manifest);
    expect(faults.map((fault) => fault.rule)).toContain(rule);
  });

  it('names one place for a fault in one place', () => {
    const spoiled = notOkManifests().find((fault) => fault.name === 'rights in words');
    expect(checkManifest(spoiled?.manifest)).toEqual([
      { path: 'rights', rule: 'rights', detail: expect.stringContaining('Public domain') as string },
    ]);
  });

  it('has a planted fault for every rule', () => {
    const planted = new Set(notOkManifests().map((fault) => fault.rule));
    expect(manifestRules.filter((rule) => !planted.has(rule))).toEqual([]);
  });

  it.each([
    undefined,
    null,
    1,
    'x',
    {},
    { type: 'Manifest' },
    { '@context': 1, type: 'Manifest', items: [null, 1, {}] },
  ])('answers faults for %j and never throws', (value) => {
    expect(checkManifest(value).length).toBeGreaterThan(0);
  });
});
