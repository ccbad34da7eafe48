/** Tells a command that it is to stop. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Stops listening; call it when the work is over. */
  end(): void;
}

/** Listens for Ctrl-C and the like: the first asks the work to stop and tidy up, the second ends the process at once. */
export function listenForInterruption(say: (line: string) => void): Interruption {
  const control = new AbortController();
  const stop = (): void => {
    if (control.signal.aborted) process.exit(130);
    control.abort();
    say('Stopping; what was begun is removed, what is finished stays.');
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, stop);
  return {
    signal: control.signal,
    end() {
      for (const name of names) process.removeListener(name, stop);
    },
  };
}
