import { defineConfig } from 'vitest/config';

/** Pure logic of the portal; screens are tested end to end in a real browser (`tests/e2e`). */
export default defineConfig({
  resolve: { conditions: ['@albumen/source', 'module', 'browser'] },
  ssr: { resolve: { conditions: ['@albumen/source', 'module', 'node'], noExternal: [/^@albumen\//] } },
  oxc: { decorator: { legacy: true } },
  test: { include: ['src/**/*.spec.ts'], environment: 'node', pool: 'forks', maxWorkers: 1, isolate: false },
});
