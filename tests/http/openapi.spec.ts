import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpStage } from './http-stage.js';

const committed = resolve(import.meta.dirname, '../../apps/api/openapi.json');
let stage: HttpStage;
beforeAll(async () => {
  stage = await HttpStage.open();
});
afterAll(() => stage?.close());

describe('the OpenAPI document', () => {
  it('is the one that is committed (vitest -u writes it anew)', async () => {
    const document = (await (await stage.ask('/openapi.json')).json()) as unknown;
    const settings = (await resolveConfig(committed)) ?? {};
    const text = await format(JSON.stringify(document), { ...settings, parser: 'json' });
    await expect(text).toMatchFileSnapshot(committed);
  });

  it('describes bodies, answers and problems', async () => {
    const document = (await (await stage.ask('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { requestBody?: unknown; responses: Record<string, { content?: object }> }>>;
    };
    expect(document.openapi).toMatch(/^3\./);
    const decision = document.paths['/api/reviews/{id}/decision']?.['post'];
    expect(JSON.stringify(decision?.requestBody)).toContain('rework');
    expect(JSON.stringify(decision?.responses['200'])).toContain('mayDecide');
    expect(decision?.responses['default']?.content).toHaveProperty('application/problem+json');
  });
});
