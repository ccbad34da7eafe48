import { parseArgs, type ParseArgsOptionDescriptor } from 'node:util';
import { CommandFault, exitCodes, type ExitCode } from './command-fault.js';
import type { Config } from './config.js';
import type { Terminal } from './terminal.js';

/** One option of a command, with the words for its help. */
export interface Option extends ParseArgsOptionDescriptor {
  readonly type: 'string' | 'boolean';
  /** Name of the value in the help, for example DIR. */
  readonly value?: string;
  readonly says: string;
}

/** What a command is called with. */
export interface Call {
  readonly config: Config;
  readonly terminal: Terminal;
  readonly words: readonly string[];
  text(option: string): string | undefined;
  flag(option: string): boolean;
}

/** One command of `albumen`. */
export interface Command {
  readonly name: string;
  readonly arguments: string;
  readonly says: string;
  readonly options: Readonly<Record<string, Option>>;
  readonly example: string;
  /** Number of words it takes: at least and at most. */
  readonly takes: readonly [number, number];
  run(call: Call): Promise<ExitCode>;
}

const everywhere: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', says: 'the result as one line of JSON on stdout' },
  help: { type: 'boolean', short: 'h', says: 'this help' },
};

/** Reads a command's words and options. Throws CommandFault (usage) that names what was expected. */
export function readCall(
  command: Command,
  args: readonly string[],
): { readonly values: Readonly<Record<string, string | boolean | undefined>>; readonly words: readonly string[] } {
  let read;
  try {
    read = parseArgs({ args: [...args], options: { ...everywhere, ...command.options }, allowPositionals: true });
  } catch (error) {
    const sentence = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new CommandFault(exitCodes.usage, `${sentence}. See: albumen ${command.name} --help`);
  }
  const values = read.values as Readonly<Record<string, string | boolean | undefined>>;
  const [least, most] = command.takes;
  if (values['help'] !== true && (read.positionals.length < least || read.positionals.length > most)) {
    const wanted = command.arguments === '' ? 'no further words' : command.arguments;
    const found = read.positionals.length === 0 ? 'nothing' : `"${read.positionals.join(' ')}"`;
    throw new CommandFault(
      exitCodes.usage,
      `Expected ${wanted} for ${command.name} but received ${found}. Example: ${command.example}`,
    );
  }
  return { values, words: read.positionals };
}

/** The help of one command, with its example and the exit codes. */
export function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, ...everywhere }).map(([name, option]) => {
    const value = option.type === 'string' ? ` ${option.value ?? 'TEXT'}` : '';
    return `  --${`${name}${value}`.padEnd(22)} ${option.says}`;
  });
  return [
    `albumen ${command.name} ${command.arguments}`.trim(),
    '',
    command.says,
    '',
    'Options',
    ...options,
    '',
    'Example',
    `  ${command.example}`,
    '',
    'Exit codes',
    ...exitCodeWords,
  ].join('\n');
}

/** The exit codes in words, as every help shows them. */
export const exitCodeWords = [
  '   0  done',
  '   1  done, and something is wrong: a file refused, a digest or an audit entry that does not hold',
  '   2  the command was not understood',
  '   3  Albumen could not start: port, folder, disk, database',
  '   4  Albumen does not answer',
  '   5  refused, for example by a role; the sentence says why',
  '  70  a fault in Albumen itself',
  ' 130  stopped by Ctrl-C; nothing is left half-written',
];
