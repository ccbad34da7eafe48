/** Where a command speaks: results on stdout, everything said along the way on stderr, a bar only on a terminal. */
export class Terminal {
  #barShown = false;
  #lastShare = -1;

  constructor(
    readonly json: boolean,
    private readonly out: NodeJS.WriteStream = process.stdout,
    private readonly err: NodeJS.WriteStream = process.stderr,
  ) {}

  /** A sentence along the way; kept off stdout so that results can be piped. */
  readonly say = (line: string): void => {
    this.endBar();
    this.err.write(`${line}\n`);
  };

  /** The command's result: the text for a person, or the value as one line of JSON under `--json`. */
  result(value: unknown, text: string): void {
    this.endBar();
    this.out.write(this.json ? `${JSON.stringify(value)}\n` : `${text}\n`);
  }

  /** How far the work is, 0..1: a bar on a terminal, else a line at every tenth. */
  progress(share: number, words: string): void {
    if (this.json) return;
    if (this.err.isTTY) {
      const width = 28;
      const full = Math.round(Math.min(1, Math.max(0, share)) * width);
      const bar = `[${'█'.repeat(full)}${'·'.repeat(width - full)}] ${String(Math.floor(share * 100)).padStart(3)} %  ${words}`;
      this.err.write(`\r\u001b[2K${bar.slice(0, Math.max(20, (this.err.columns ?? 100) - 1))}`);
      this.#barShown = true;
      return;
    }
    const tenth = Math.floor(share * 10);
    if (tenth === this.#lastShare) return;
    this.#lastShare = tenth;
    this.err.write(`${String(tenth * 10).padStart(3)} %  ${words}\n`);
  }

  /** Leaves the bar on its own line, so that what is said next does not run into it. */
  endBar(): void {
    if (!this.#barShown) return;
    this.#barShown = false;
    this.err.write('\n');
  }
}

/** Rows in columns that line up; the first row is the heading. Widths count characters, also with Vietnamese marks. */
export function table(rows: readonly (readonly string[])[]): string {
  const width = (text: string): number => [...new Intl.Segmenter().segment(text)].length;
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => width(row[column] ?? ''))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - width(cell)),
      )
      .join('   ');
  return rows.map((row) => `  ${line(row)}`).join('\n');
}
