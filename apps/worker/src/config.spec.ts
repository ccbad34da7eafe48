import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

const database = { ALBUMEN_DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/a' };

describe('The worker configuration', () => {
  it('puts jobs into the catalogue’s own PostgreSQL unless told otherwise', () => {
    const { runtime, logLevel } = readConfig(database);
    expect(runtime.queue).toEqual({ kind: 'postgres', url: database.ALBUMEN_DATABASE_URL });
    expect(runtime).toMatchObject({ dataDir: './data', publicUrl: 'http://127.0.0.1:4300' });
    expect(runtime.modelsDir).toMatch(/\/models$/);
    expect(logLevel).toBe('info');
  });

  it('takes Redis with its address', () => {
    const redis = { ...database, ALBUMEN_QUEUE: 'redis', ALBUMEN_REDIS_URL: 'redis://127.0.0.1:6379' };
    expect(readConfig(redis).runtime.queue).toEqual({ kind: 'redis', url: 'redis://127.0.0.1:6379' });
  });

  it('runs the nets by another provider where it is told so, and falls back only where that is said', () => {
    expect(readConfig(database).runtime.execution).toBeUndefined();
    const cuda = { ...database, ALBUMEN_PROVIDER: 'cuda' };
    expect(readConfig(cuda).runtime.execution).toEqual({ provider: 'cuda', fallsBack: false });
    const either = { ...cuda, ALBUMEN_PROVIDER_FALLBACK: 'yes' };
    expect(readConfig(either).runtime.execution).toEqual({ provider: 'cuda', fallsBack: true });
  });

  it.each([
    [{}, 'ALBUMEN_DATABASE_URL'],
    [{ ...database, ALBUMEN_QUEUE: 'redis' }, 'ALBUMEN_REDIS_URL'],
    [{ ...database, ALBUMEN_QUEUE: 'rabbit' }, 'ALBUMEN_QUEUE'],
    [{ ...database, ALBUMEN_LOG_LEVEL: 'loud' }, 'ALBUMEN_LOG_LEVEL'],
    [{ ...database, ALBUMEN_THREADS: '0' }, 'ALBUMEN_THREADS'],
    [{ ...database, ALBUMEN_PROVIDER: 'gpu' }, 'ALBUMEN_PROVIDER'],
    [{ ...database, ALBUMEN_PROVIDER_FALLBACK: '1' }, 'ALBUMEN_PROVIDER_FALLBACK'],
  ])('names what is wrong in %j', (environment, name) => {
    expect(() => readConfig(environment as NodeJS.ProcessEnv)).toThrow(name);
  });
});
