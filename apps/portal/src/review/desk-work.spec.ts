import '@angular/compiler';
import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { Injector } from '@angular/core';
import type { DeskView, ReviewRow } from '@albumen/contracts';

import { of, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Notices } from '../problems/notices';
import { Session } from '../session/session';
import { DeskPreview } from './desk-preview';
import { DeskWork } from './desk-work';
import { QueueState } from './queue-state';

const id = '0a0a0a0a-0000-4000-8000-000000000001';
const person = { id: '0a0a0a0a-0000-4000-8000-000000000002', name: 'Nguyễn Thị Lan' };
const row: ReviewRow = {
  id,
  itemId: id,
  restorationId: id,
  collectionId: id,
  collectionTitle: { en: 'A box' },
  title: { en: 'A street' },
  fileName: 'street.jpg',
  state: 'open',
  thumbnail: null,
  proposedAt: '2026-11-21T12:00:00.000Z',
  claim: { by: person, until: '2026-11-21T13:00:00.000Z', mine: true },
  mayDecide: true,
  replacedShare: 0.01,
  meanDeltaE: 4,
};
const desk = {
  review: row,
  restoration: { id },
  shown: 'a'.repeat(64),
  regionLabels: null,
  regions: [{ ordinal: 1, acceptance: 'undecided' }],
  layers: [],
} as unknown as DeskView;
const lost = new Error('no way to the server');

/** A desk whose acceptance never reaches the server; `view` answers what is read of the review. */
function deskWith(view: () => Promise<DeskView>) {
  const http = { patch: vi.fn(() => throwError(() => lost)), post: vi.fn(() => of({ ...row, state: 'approved' })) };
  const notices = { fail: vi.fn() };
  const queue = { view: vi.fn(view), forget: vi.fn(), replace: vi.fn(), noteDecision: vi.fn() };
  const injector = Injector.create({
    providers: [
      { provide: HttpClient, useValue: http },
      { provide: Notices, useValue: notices },
      { provide: QueueState, useValue: queue },
      { provide: Session, useValue: { may: () => true, person: () => person } },
      { provide: DeskWork, useClass: DeskWork, deps: [] },
      { provide: DeskPreview, useClass: DeskPreview, deps: [] },
    ],
  });
  return { work: injector.get(DeskWork), preview: injector.get(DeskPreview), http, notices, queue };
}

describe('the desk', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('does not approve while a rejection has not reached the server', async () => {
    const { work, http, notices } = deskWith(async () => desk);
    await work.open(id);
    work.decideRegions([1], 'rejected');
    expect(await work.decide('approve', null, '')).toBe(false);
    expect(http.patch).toHaveBeenCalledTimes(1);
    expect(http.post).not.toHaveBeenCalled();
    expect(notices.fail).toHaveBeenCalledWith(lost);
    // What stands there now is what the server has; an approval of that is meant.
    expect(work.desk()?.regions[0]?.acceptance).toBe('undecided');
    expect(await work.decide('approve', null, '')).toBe(true);
    expect(http.post).toHaveBeenCalledTimes(1);
  });

  it('does not approve either where the loss is found out only while the approval waits for a later acceptance', async () => {
    const { work, http } = deskWith(async () => desk);
    await work.open(id);
    work.decideRegions([1], 'rejected');
    const first = work.flush();
    work.decideRegions([1], 'rejected');
    expect(await work.decide('approve', null, '')).toBe(false);
    expect(await first).toBe(false);
    expect(http.post).not.toHaveBeenCalled();
  });

  it('shows the problem instead of decisions that nobody wrote down, where the truth cannot be read', async () => {
    let reads = 0;
    const { work, http } = deskWith(async () => {
      if (reads++ > 0) throw lost;
      return desk;
    });
    await work.open(id);
    work.decideRegions([1], 'rejected');
    await work.flush();
    expect(work.fault()).toBe(lost);
    expect(work.desk()).toBeNull();
    expect(work.active()).toBe(false);
    expect(await work.decide('approve', null, '')).toBe(false);
    expect(http.post).not.toHaveBeenCalled();
  });

  it('decides about what the server last showed, and shows the truth where that differs', async () => {
    const now = { ...desk, shown: 'b'.repeat(64), regions: [{ ordinal: 1, acceptance: 'rejected' }] } as DeskView;
    let reads = 0;
    const { work, http, notices, queue } = deskWith(async () => (reads++ === 0 ? desk : now));
    await work.open(id);
    const sentences = { en: 'Look again.', vi: 'Hãy xem lại.' };
    const told = {
      type: 'about:blank',
      title: 'x',
      status: 409,
      detail: 'x',
      code: 'review.shown-differs',
      details: {},
      sentences,
    };
    const differs = new HttpErrorResponse({ status: 409, error: told });
    http.post.mockImplementationOnce(() => throwError(() => differs));
    expect(await work.decide('approve', null, '')).toBe(false);
    expect(http.post).toHaveBeenLastCalledWith(expect.any(String), expect.objectContaining({ shown: desk.shown }));
    expect(notices.fail).toHaveBeenCalledWith(differs);
    expect(queue.forget).toHaveBeenCalledWith(id);
    expect(work.desk()?.regions[0]?.acceptance).toBe('rejected');
    expect(await work.decide('approve', null, '')).toBe(true);
    expect(http.post).toHaveBeenLastCalledWith(expect.any(String), expect.objectContaining({ shown: now.shown }));
  });

  it('says with each word on a region what it was said about', async () => {
    const { work, http } = deskWith(async () => desk);
    await work.open(id);
    work.decideRegions([1], 'rejected');
    await work.flush();
    expect(http.patch).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ shown: desk.shown }));
  });

  it('takes no word on the old picture while another review is being opened', async () => {
    let arrive: (view: DeskView) => void = () => undefined;
    const other = { ...desk, review: { ...row, id: person.id }, restoration: { id: person.id } } as DeskView;
    let reads = 0;
    const { work, http } = deskWith(() =>
      reads++ === 0 ? Promise.resolve(desk) : new Promise<DeskView>((resolve) => (arrive = resolve)),
    );
    await work.open(id);
    const opening = work.open(other.review.id);
    await vi.advanceTimersByTimeAsync(1);
    work.decideRegions([1], 'rejected');
    arrive(other);
    await opening;
    await work.flush();
    expect(http.patch).not.toHaveBeenCalled();
  });

  it('does not give a review back, nor compute a combination, without the acceptance it is about', async () => {
    const { work, preview, http } = deskWith(async () => desk);
    await work.open(id);
    work.decideRegions([1], 'rejected');
    await work.release();
    work.decideRegions([1], 'rejected');
    await preview.compute(id, 'without 1', work.flush());
    expect(http.post).not.toHaveBeenCalled();
    expect(preview.progressOf(id, 'without 1')).toBeNull();
  });
});
