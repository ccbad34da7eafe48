import { UnrecoverableError } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { errorCodes, errorTable, refuse } from '@albumen/domain';
import { asJobError, failureOf, retryPlan } from './retry-plan.js';

describe('The retry plan', () => {
  it('follows the error table for every code', () => {
    for (const code of errorCodes) {
      expect(failureOf(refuse(code), 1).final, code).toBe(errorTable[code].retry === 'never');
    }
  });

  it('ends with the last attempt, whatever the error', () => {
    expect(failureOf(refuse('storage.full'), retryPlan.attempts).final).toBe(true);
    expect(failureOf(new Error('odd'), retryPlan.attempts)).toMatchObject({ code: 'internal.unexpected', final: true });
    expect(failureOf(new Error('odd'), 1).final).toBe(false);
  });

  it('tells BullMQ not to try again where the failure is final', () => {
    const never = refuse('file.empty');
    expect(asJobError(never, failureOf(never, 1))).toBeInstanceOf(UnrecoverableError);
    const later = refuse('storage.full');
    expect(asJobError(later, failureOf(later, 1))).toBe(later);
  });
});
