import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessionFilePage, plannedAccession } from '@albumen/contracts';
import { picture } from '../../libs/imaging/src/testing/pictures.js';
import { HttpStage } from './http-stage.js';

let stage: HttpStage;
let collectionId: string;

describe('uploads', () => {
  beforeAll(async () => {
    stage = await HttpStage.open();
    collectionId = await stage.collection('Uploads');
  });
  afterAll(() => stage?.close());

  it('refuses an upload of another size, of no plan, and by who may not', async () => {
    const planned = await stage.read(plannedAccession, '/api/accessions', {
      as: 'operator',
      json: { collectionId, files: [{ name: 'x.jpg', path: 'x.jpg', bytes: 10 }] },
    });
    const fileId = planned.files[0]?.id ?? '';
    await expect(stage.startUpload(fileId, 11)).rejects.toThrow(/422.*file.size-mismatch/);
    await expect(stage.startUpload(randomUUID(), 10)).rejects.toThrow(/404.*accession.file-not-found/);
    await expect(stage.startUpload('../../etc/passwd', 10)).rejects.toThrow(/404/);
    await expect(stage.startUpload(fileId, 10, 'nobody')).rejects.toThrow(/403/);
    const place = await stage.startUpload(fileId, 10);
    expect((await stage.sendBytes(place, 0, Buffer.from('not a jpg!'))).status).toBe(204);
    const csv = await stage.ask(`/api/accessions/${planned.accession.id}/refused.csv`, { as: 'operator' });
    expect(await csv.text()).toContain('"file.not-a-picture"');
  });

  it('goes on where the server stopped between the last byte and the outcome', async () => {
    const bytes = await picture(320, 200).jpeg().toBuffer();
    const planned = await stage.read(plannedAccession, '/api/accessions', {
      as: 'operator',
      json: { collectionId, files: [{ name: 'x.jpg', path: 'x.jpg', bytes: bytes.length }] },
    });
    const fileId = planned.files[0]?.id ?? '';
    const place = await stage.startUpload(fileId, bytes.length);
    await writeFile(await stage.bench.store.staging.pathOf(fileId), bytes);
    const head = { method: 'HEAD', as: 'operator', headers: { 'Tus-Resumable': '1.0.0' } };
    const actions = await stage.recorded(async () => {
      expect((await stage.ask(place, head)).headers.get('upload-offset')).toBe(String(bytes.length));
    });
    expect(actions).toEqual(['original.received']);
    const page = await stage.read(accessionFilePage, `/api/accessions/${planned.accession.id}/files`, {
      as: 'operator',
    });
    expect(page.rows[0]?.outcome).toBe('received');
    await expect(stage.startUpload(fileId, bytes.length)).rejects.toThrow(/400/);
  });

  it('can be given up, and begun again', async () => {
    const planned = await stage.read(plannedAccession, '/api/accessions', {
      as: 'operator',
      json: { collectionId, files: [{ name: 'y.jpg', path: 'y.jpg', bytes: 100 }] },
    });
    const fileId = planned.files[0]?.id ?? '';
    const place = await stage.startUpload(fileId, 100);
    await stage.sendBytes(place, 0, Buffer.alloc(40));
    const headers = { 'Tus-Resumable': '1.0.0' };
    expect((await stage.ask(place, { method: 'DELETE', as: 'operator', headers })).status).toBe(204);
    expect((await stage.ask(place, { method: 'HEAD', as: 'operator', headers })).status).toBe(404);
    expect(await stage.startUpload(fileId, 100)).toBe(place);
  });
});
