import { expect, it } from 'vitest';

it('fails on purpose', () => expect('a failed test').toBe('noticed'));
