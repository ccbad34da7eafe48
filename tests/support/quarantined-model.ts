import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Lays a model in quarantine on a shelf, as examining it leaves one; its bytes are no net and are never loaded. */
export async function layQuarantined(
  shelf: string,
  id: string,
  { adapter = 'image2image', licence = 'MIT' }: { readonly adapter?: string; readonly licence?: string } = {},
): Promise<void> {
  const at = join(shelf, id, '1.0.0');
  await mkdir(at, { recursive: true });
  const bytes = Buffer.from(`the bytes of ${id}`);
  const tensor = (name: string) => ({
    name,
    element: 'float32',
    layout: 'NCHW',
    channels: 3,
    height: null,
    width: null,
  });
  await writeFile(join(at, `${id}.onnx`), bytes);
  await writeFile(
    join(at, 'report.json'),
    JSON.stringify({
      type: 'albumen-model-report',
      version: 1,
      state: 'quarantined',
      id,
      modelVersion: '1.0.0',
      file: `${id}.onnx`,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      adapter,
      licence,
      broughtInAt: '2026-11-21T10:00:00.000Z',
      examination: {
        header: { opset: 17, producer: 'a test' },
        signature: { image: tensor('input'), mask: null, output: tensor('output') },
        probes: {
          scale: 1,
          range: '0..1',
          multiple: 8,
          fixedSize: null,
          margin: 24,
          hole: null,
          outputChannels: 3,
          secondsPerMegapixel: 1.5,
        },
        peakMegabytes: 120,
        warnings: ['two equal runs are not equal to the last bit'],
      },
    }),
  );
}
