import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissions, roles, type Permission, type Role } from '@albumen/domain';
import { HttpStage } from './http-stage.js';

const somebody = '3f0a9a52-0f1c-4c3e-9d0a-6f6d2b1f7a11';

/** Who may call what: the whole of the door. `file` is open while published and for staff otherwise. */
const table: Record<string, 'open' | 'signed-in' | Permission> = {
  'GET /api/about': 'open',
  'GET /api/me': 'signed-in',
  'GET /api/home': 'catalogue.read',
  'POST /api/view-pass': 'catalogue.read',
  'DELETE /api/view-pass': 'open',
  'GET /api/collections': 'catalogue.read',
  'POST /api/collections': 'collection.edit',
  'GET /api/collections/{id}': 'catalogue.read',
  'PATCH /api/collections/{id}': 'collection.edit',
  'GET /api/collections/{id}/albums': 'catalogue.read',
  'GET /api/collections/{id}/items': 'catalogue.read',
  'POST /api/collections/{id}/restorations': 'restoration.request',
  'POST /api/accessions': 'accession.create',
  'GET /api/accessions': 'catalogue.read',
  'GET /api/accessions/{id}': 'catalogue.read',
  'GET /api/accessions/{id}/files': 'catalogue.read',
  'GET /api/accessions/{id}/refused.csv': 'catalogue.read',
  'POST /api/accessions/{id}/close': 'accession.create',
  'POST /api/accessions/{id}/cancel': 'accession.create',
  'GET /api/items': 'catalogue.read',
  'GET /api/items/{id}': 'catalogue.read',
  'PUT /api/items/{id}/description': 'item.describe',
  'GET /api/items/{id}/descriptions': 'catalogue.read',
  'GET /api/items/{id}/journal': 'catalogue.read',
  'POST /api/originals/{id}/restorations': 'restoration.request',
  'POST /api/originals/{id}/retry': 'processing.retry',
  'POST /api/restorations/{id}/cancel': 'restoration.request',
  'PATCH /api/restorations/{id}/acceptance': 'review.decide',
  'POST /api/restorations/{id}/previews': 'review.decide',
  'GET /api/restorations/{id}/receipt': 'catalogue.read',
  'GET /api/restoration-queue': 'catalogue.read',
  'GET /api/reviews': 'catalogue.read',
  'GET /api/reviews/{id}': 'catalogue.read',
  'POST /api/reviews/{id}/claim': 'review.decide',
  'POST /api/reviews/{id}/release': 'review.decide',
  'POST /api/reviews/{id}/decision': 'review.decide',
  'POST /api/reviews/{id}/undo': 'review.decide',
  'GET /api/publications': 'catalogue.read',
  'GET /api/items/{id}/publication': 'catalogue.read',
  'POST /api/items/{id}/publications': 'publication.publish',
  'POST /api/items/{id}/withdrawal': 'publication.withdraw',
  'GET /api/models': 'models.read',
  'GET /api/models/{id}/{version}/failures/{file}': 'open',
  'POST /api/models/{id}/{version}/accept': 'models.change',
  'DELETE /api/models/{id}/{version}': 'models.change',
  'GET /api/audit': 'audit.read',
  'GET /api/audit/{seq}/proof': 'audit.read',
  'POST /api/audit/verification': 'audit.verify',
  'GET /audit/checkpoint': 'open',
  'GET /audit/key': 'open',
  'GET /audit/tile/{path}': 'open',
  'GET /audit/proof/{seq}': 'open',
  'GET /api/public/photographs': 'open',
  'GET /api/public/photographs/{id}': 'open',
  'GET /api/public/collections': 'open',
  'GET /api/files/thumbnail/{id}': 'open',
  'GET /api/files/derivative/{id}': 'open',
  'GET /api/files/master/{id}': 'open',
  'GET /api/files/original/{id}': 'open',
  'GET /api/files/receipt/{id}': 'open',
  'GET /iiif/manifest/{id}': 'open',
  'GET /health/ready': 'open',
};
/** Doors before the framework, which its OpenAPI document does not list. */
const beside: typeof table = {
  'POST /api/uploads': 'accession.create',
  'HEAD /api/uploads/{id}': 'accession.create',
  'PATCH /api/uploads/{id}': 'accession.create',
  'DELETE /api/uploads/{id}': 'accession.create',
  'GET /iiif/image/{id}/info.json': 'open',
  'GET /openapi.json': 'open',
};

let stage: HttpStage;
beforeAll(async () => {
  stage = await HttpStage.open();
});
afterAll(() => stage?.close());

async function status(route: string, as: Role | 'nobody' | undefined): Promise<number> {
  const [method = '', template = ''] = route.split(' ');
  const path = template.replace('{id}', somebody).replace('{seq}', '999999').replace('{path}', '0/000');
  const body =
    method === 'GET' || method === 'HEAD' ? {} : { body: '{}', headers: { 'Content-Type': 'application/json' } };
  const response = await stage.ask(path, { method, as, ...body });
  await response.arrayBuffer();
  return response.status;
}

describe('who may call what', () => {
  it('is said of every route of the document', async () => {
    const document = (await (await stage.ask('/openapi.json')).json()) as { paths: Record<string, object> };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual(Object.keys(table).sort());
  });

  it.each(Object.entries({ ...table, ...beside }))('%s: %s', async (route, access) => {
    const anonymous = await status(route, undefined);
    expect([401, 403].includes(anonymous), 'without a token').toBe(access !== 'open');
    if (access !== 'open') expect(anonymous).toBe(401);
    for (const role of [...roles, 'nobody'] as const) {
      const allowed =
        access === 'open' ||
        access === 'signed-in' ||
        (role !== 'nobody' && (permissions[access] as readonly Role[]).includes(role));
      const found = await status(route, role);
      if (allowed) expect([401, 403], `${role}: ${found}`).not.toContain(found);
      else expect(found, role).toBe(403);
      expect(found, role).toBeLessThan(500);
    }
  });

  it('changed nothing on the way', async () => {
    const actions = await stage.rows<{ action: string }>('select distinct action from audit_entry');
    expect(actions).toEqual([{ action: 'person.first-seen' }]);
  });
});
