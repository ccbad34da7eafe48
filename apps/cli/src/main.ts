import { Refusal } from '@albumen/domain';
import { exitCodeWords, helpOf, readCall, type Command } from './command.js';
import { CommandFault, exitCodes, type ExitCode } from './command-fault.js';
import { commands } from './commands/index.js';
import { readConfig, wantsDetail } from './config.js';
import { Terminal } from './terminal.js';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args;
  const terminal = new Terminal(rest.includes('--json'));
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.result(
      commands.map(({ name: command, says }) => ({ command, says })),
      overview(),
    );
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    terminal.say(`There is no command "${name}". See: albumen --help`);
    return exitCodes.usage;
  }
  try {
    return await run(command, rest, terminal);
  } catch (error) {
    return told(error, terminal);
  }
}

async function run(command: Command, args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, words } = readCall(command, args);
  if (values['help'] === true) {
    process.stdout.write(`${helpOf(command)}\n`);
    return exitCodes.done;
  }
  return command.run({
    config: readConfig(),
    terminal,
    words,
    text: (option) => (typeof values[option] === 'string' ? values[option] : undefined),
    flag: (option) => values[option] === true,
  });
}

/** One sentence for every failure; what is not foreseen is named as a fault of Albumen, with its place for a report. */
function told(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommandFault) {
    if (terminal.json) terminal.result({ error: error.message, exitCode: error.exitCode }, '');
    terminal.say(error.message);
    return error.exitCode;
  }
  if (error instanceof Refusal) {
    if (terminal.json) terminal.result({ error: error.message, code: error.code, details: error.details }, '');
    terminal.say(error.message);
    return exitCodes.refused;
  }
  const words = error instanceof Error ? error.message || error.name : String(error);
  terminal.say(`Something went wrong inside Albumen: ${words}. Nothing in custody was touched.`);
  if (wantsDetail() && error instanceof Error) terminal.say(error.stack ?? '');
  return exitCodes.unexpected;
}

function overview(): string {
  const longest = Math.max(...commands.map((command) => command.name.length));
  return [
    'albumen COMMAND [options]',
    '',
    ...commands.map((command) => `  ${command.name.padEnd(longest + 2)} ${command.says.split('. ')[0]}`),
    '',
    'albumen COMMAND --help shows its options and an example.',
    '',
    'Exit codes',
    ...exitCodeWords,
  ].join('\n');
}
