import { defineConfig } from 'vitest/config';

/** A run whose only test fails, with the same set-up as the real runs. */
export default defineConfig({
  root: import.meta.dirname,
  test: { include: ['failing.fixture.ts'], globalSetup: ['../postgres.setup.ts'], pool: 'forks' },
});
