import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.js';
import { CommandFault, exitCodes } from '../command-fault.js';

/** `albumen openapi`: the API's document, as committed; `--check` compares it with the one the program makes now. */
export const openapi: Command = {
  name: 'openapi',
  arguments: '',
  says: 'Prints the OpenAPI document of the API. With --check it compares the committed one with the program.',
  options: {
    check: { type: 'boolean', says: 'exit code 1 where apps/api/openapi.json is not what the program makes' },
  },
  example: 'albumen openapi > openapi.json',
  takes: [0, 0],
  async run({ config, terminal, flag }) {
    const path = join(config.root, 'apps', 'api', 'openapi.json');
    if (!existsSync(path)) throw new CommandFault(exitCodes.cannotStart, `${path} is missing.`);
    const committed = readFileSync(path, 'utf8');
    if (!flag('check')) {
      process.stdout.write(committed);
      return exitCodes.done;
    }
    const program = join(config.root, 'apps', 'api', 'dist', 'print-openapi.js');
    if (!existsSync(program))
      throw new CommandFault(exitCodes.cannotStart, 'The API is not built. Run "npm run build".');
    const made = execFileSync(process.execPath, [program], { encoding: 'utf8', maxBuffer: 64 << 20 });
    const same = JSON.stringify(JSON.parse(made)) === JSON.stringify(JSON.parse(committed));
    terminal.result(
      { same },
      same
        ? 'apps/api/openapi.json is what the program makes.'
        : 'apps/api/openapi.json is not what the program makes: write it anew and commit it.',
    );
    return same ? exitCodes.done : exitCodes.foundFault;
  },
};
