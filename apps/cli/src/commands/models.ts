import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from '../command.js';
import { CommandFault, exitCodes } from '../command-fault.js';
import { table } from '../terminal.js';

interface Installed {
  readonly id: string;
  readonly version: string;
  readonly file: string;
  readonly megabytes: number;
  readonly sha256: string;
  /** Whether the file has the digest that its card records; null where the card records none. */
  readonly holds: boolean | null;
}

/** `albumen models list`: the installed models and whether their files are the recorded ones. */
export const models: Command = {
  name: 'models',
  arguments: 'list',
  says: 'Lists the installed models with their digests. Exit code 1 where a file is not the one its card records.',
  options: {},
  example: 'albumen models list',
  takes: [1, 1],
  async run({ config, terminal, words }) {
    if (words[0] !== 'list') {
      throw new CommandFault(exitCodes.usage, `Expected list for models but received "${words[0]}".`);
    }
    const found = await installed(join(config.root, 'models'));
    const rows = found.map((model) => [
      model.id,
      model.version,
      model.file,
      `${model.megabytes.toFixed(1)} MB`,
      model.sha256.slice(0, 16),
      model.holds === null ? 'no digest recorded' : model.holds ? 'holds' : 'DIFFERS',
    ]);
    terminal.result(
      found,
      found.length === 0
        ? 'No model is installed.'
        : table([['Model', 'Version', 'File', 'Size', 'sha256', 'Digest'], ...rows]),
    );
    return found.length === 0 || found.some((model) => model.holds === false) ? exitCodes.foundFault : exitCodes.done;
  },
};

/** Every ONNX file below the folder, compared with the digest that the `model.json` beside it records. */
async function installed(folder: string): Promise<Installed[]> {
  const found: Installed[] = [];
  for (const path of onnxFiles(folder)) {
    const card = readCard(dirname(path));
    const hash = createHash('sha256');
    let bytes = 0;
    const stream = createReadStream(path);
    stream.on('data', (chunk) => (bytes += chunk.length));
    await pipeline(stream, hash);
    const sha256 = hash.digest('hex');
    const recorded = Object.values(card.files ?? {}).find(({ file }) => file === basename(path))?.sha256;
    found.push({
      id: card.id ?? basename(path),
      version: card.version ?? '',
      file: basename(path),
      megabytes: bytes / 1e6,
      sha256,
      holds: recorded === undefined ? null : recorded === sha256,
    });
  }
  return found;
}

function onnxFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.onnx'))
    .map((entry) => join(entry.parentPath, entry.name))
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
