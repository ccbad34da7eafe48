import { createRequire } from 'node:module';
import type { Software } from '@albumen/domain';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** The name and version under which a program signs its changes, such as `albumen-worker 0.1.0`. */
export function softwareOf(program: 'api' | 'worker' | 'cli'): Software {
  return { name: `albumen-${program}`, version };
}
