import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.js';
import { CommandFault, exitCodes } from '../command-fault.js';
import { openDataFolder } from '../server/data-folder.js';
import { InstanceLock } from '../server/instance-lock.js';

/** `albumen openapi`: the API's document as it is part of this version; `--check` compares it with the running API's. */
export const openapi: Command = {
  name: 'openapi',
  arguments: '',
  says: 'Prints the OpenAPI document of the API. With --check it is compared with the one that the running API serves.',
  options: { check: { type: 'boolean', says: 'exit code 1 where the running API serves another document' } },
  example: 'albumen openapi > openapi.json',
  takes: [0, 0],
  async run({ config, terminal, flag }) {
    const path = join(config.root, 'apps', 'api', 'openapi.json');
    if (!existsSync(path)) throw new CommandFault(exitCodes.cannotStart, `${path} is missing.`);
    const document = readFileSync(path, 'utf8');
    if (!flag('check')) {
      process.stdout.write(document);
      return exitCodes.done;
    }
    const running = InstanceLock.runningAt(openDataFolder(config.data));
    if (running === undefined) {
      throw new CommandFault(exitCodes.noServer, `No Albumen runs on ${config.data}. Start it with "albumen up".`);
    }
    const answer = await fetch(`${running.address}/openapi.json`, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new CommandFault(exitCodes.noServer, `The API answered ${answer.status} for its document.`);
    const same = JSON.stringify(await answer.json()) === JSON.stringify(JSON.parse(document));
    terminal.result(
      { same },
      same ? 'The running API serves this document.' : 'The running API serves another document.',
    );
    return same ? exitCodes.done : exitCodes.foundFault;
  },
};
