import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs ESLint over the workspace. The rule on module boundaries reads Nx's project graph and skips itself without a word
 * of failure where there is none, so the graph is made first and a skipped rule is a failure.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const env = { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: '0' };
const run = (bin, args) =>
  spawnSync(process.execPath, [bin, ...args], { cwd: root, env, encoding: 'utf8', maxBuffer: 64 << 20 });

export function lint(paths = ['.']) {
  const graph = run('node_modules/nx/dist/bin/nx.js', ['show', 'projects', '--json']);
  if (graph.status !== 0)
    return { status: 1, output: `Nx could not read the projects:\n${graph.stdout}${graph.stderr}` };
  const result = run('node_modules/eslint/bin/eslint.js', paths);
  const output = `${result.stdout}${result.stderr}`;
  const skipped = /rule will be skipped/i.test(output);
  return {
    status: skipped ? 1 : (result.status ?? 1),
    output: skipped ? `${output}\nThe rule on module boundaries was skipped.` : output,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { status, output } = lint(process.argv.length > 2 ? process.argv.slice(2) : ['.']);
  if (output.trim()) console.log(output.trim());
  process.exitCode = status;
}
