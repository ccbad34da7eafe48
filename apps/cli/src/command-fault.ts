/** Exit codes of every command; a script may rely on them. */
export const exitCodes = {
  done: 0,
  foundFault: 1,
  usage: 2,
  cannotStart: 3,
  noServer: 4,
  refused: 5,
  unexpected: 70,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command with one plain sentence on stderr and a true exit code; no stack is printed for it. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault';
  constructor(
    readonly exitCode: ExitCode,
    sentence: string,
  ) {
    super(sentence);
  }
}

/** The reason of a system call's failure, for example `ENOSPC`; undefined for other errors. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
