import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
      `${model.megabytes.toFixed(1)} MB`,
      model.sha256.slice(0, 16),
      model.holds === null ? 'no digest recorded' : model.holds ? 'holds' : 'DIFFERS',
    ]);
    terminal.result(
      found,
      found.length === 0 ? 'No model is installed.' : table([['Model', 'Version', 'Size', 'sha256', 'File'], ...rows]),
    );
    return found.length === 0 || found.some((model) => model.holds === false) ? exitCodes.foundFault : exitCodes.done;
  },
};

/** Every model folder `models/<id>/<version>` or `models/<id>` that holds an ONNX file. */
async function installed(folder: string): Promise<Installed[]> {
  const found: Installed[] = [];
  for (const path of onnxFiles(folder)) {
    const above = join(path, '..');
    const card = readCard(above);
    const hash = createHash('sha256');
    let bytes = 0;
    const stream = createReadStream(path);
    stream.on('data', (chunk) => (bytes += chunk.length));
    await pipeline(stream, hash);
    const sha256 = hash.digest('hex');
    const parts = path.slice(folder.length + 1).split('/');
    found.push({
      id: card.id ?? parts[0] ?? path,
      version: card.version ?? (parts.length > 2 ? (parts[1] ?? '') : ''),
      file: path,
      megabytes: bytes / 1e6,
      sha256,
      holds: card.sha256 === undefined ? null : card.sha256 === sha256,
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

function readCard(folder: string): { id?: string; version?: string; sha256?: string } {
  for (const name of ['card.json', 'model.json']) {
    const path = join(folder, name);
    if (existsSync(path))
      return JSON.parse(readFileSync(path, 'utf8')) as { id?: string; version?: string; sha256?: string };
  }
  return {};
}
