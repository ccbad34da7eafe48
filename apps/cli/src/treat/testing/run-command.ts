import { PassThrough } from 'node:stream';
import { readCall, type Command } from '../../command.js';
import { readConfig } from '../../config.js';
import { Terminal } from '../../terminal.js';

/** What a command answered. */
export interface CommandAnswer {
  readonly exitCode: number;
  /** Standard output; the result is one line of JSON. */
  readonly out: string;
  readonly said: string;
}

/** Runs a command as the terminal would, with `--json`, in the given environment. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandAnswer> {
  const [out, said] = [new PassThrough(), new PassThrough()];
  const terminal = new Terminal(true, out as unknown as NodeJS.WriteStream, said as unknown as NodeJS.WriteStream);
  const { values, words } = readCall(command, args);
  const exitCode = await command.run({
    config: readConfig(environment),
    terminal,
    words,
    text: (option) => (typeof values[option] === 'string' ? values[option] : undefined),
    flag: (option) => values[option] === true,
  });
  return { exitCode, out: textOf(out), said: textOf(said) };
}

function textOf(stream: PassThrough): string {
  const data = stream.read() as Buffer | null;
  return data === null ? '' : data.toString('utf8');
}
