import { defineConfig } from 'vitest/config';

/** One configuration for every Node project; the portal has its own runner (`ng test`). */
export default defineConfig({
  resolve: { conditions: ['@albumen/source', 'module', 'node'] },
  ssr: { resolve: { conditions: ['@albumen/source', 'module', 'node'], noExternal: [/^@albumen\//] } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: [
      'libs/**/*.spec.ts',
      'apps/{api,worker,cli}/**/*.spec.ts',
      'migrations/**/*.spec.ts',
      'tools/**/*.spec.ts',
      'tests/**/*.spec.ts',
    ],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      'tests/e2e/**',
      'tests/bench/**',
      'tests/plates/**',
      'tests/webgpu/**',
    ],
    globalSetup: ['tests/support/scratch.setup.ts', 'tests/support/postgres.setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
