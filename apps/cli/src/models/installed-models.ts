import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BroughtInReport } from '@albumen/runtime';

/** One model file as the list shows it. */
export interface ListedModel {
  readonly id: string;
  readonly version: string;
  readonly file: string;
  readonly megabytes: number;
  readonly sha256: string;
  /** Whether the file has the digest that its card or report records; null where none is recorded. */
  readonly holds: boolean | null;
  readonly state: 'own' | 'quarantined' | 'accepted' | 'removed';
}

/** Every ONNX file below the folder that was not brought in, compared with the digest that its `model.json` records. */
export async function ownModels(folder: string): Promise<ListedModel[]> {
  const found: ListedModel[] = [];
  for (const path of onnxFiles(folder)) {
    const card = readCard(dirname(path));
    const { sha256, bytes } = await measured(path);
    const recorded = Object.values(card.files ?? {}).find(({ file }) => file === basename(path))?.sha256;
    found.push({
      id: card.id ?? basename(path),
      version: card.version ?? '',
      file: basename(path),
      megabytes: bytes / 1e6,
      sha256,
      holds: recorded === undefined ? null : recorded === sha256,
      state: 'own',
    });
  }
  return found;
}

/** Models that were brought in; the file of a removed one is gone, its record stays. */
export async function listedModels(
  all: readonly { readonly folder: string; readonly report: BroughtInReport }[],
): Promise<ListedModel[]> {
  const found: ListedModel[] = [];
  for (const { folder, report } of all) {
    const { id, modelVersion, file, sha256, bytes, state } = report;
    const path = join(folder, file);
    const holds = state === 'removed' ? null : existsSync(path) && (await measured(path)).sha256 === sha256;
    found.push({ id, version: modelVersion, file, megabytes: bytes / 1e6, sha256, holds, state });
  }
  return found;
}

async function measured(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = createReadStream(path);
  stream.on('data', (chunk) => (bytes += chunk.length));
  await pipeline(stream, hash);
  return { sha256: hash.digest('hex'), bytes };
}

function onnxFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.onnx'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !existsSync(join(dirname(path), 'report.json')))
    .filter((path) => !relative(folder, path).split(sep).some((part) => part.startsWith('.')))
    .sort();
}

interface Card {
  readonly id?: string;
  readonly version?: string;
  readonly files?: Readonly<Record<string, { readonly file: string; readonly sha256: string }>>;
}

function readCard(folder: string): Card {
  const path = join(folder, 'model.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Card) : {};
}
