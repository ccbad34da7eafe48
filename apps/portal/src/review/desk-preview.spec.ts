import '@angular/compiler';
import { HttpClient } from '@angular/common/http';
import { Injector } from '@angular/core';
import type { PreviewView } from '@albumen/contracts';
import { Subject, of, throwError, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Notices } from '../problems/notices';
import { DeskPreview } from './desk-preview';

const picture = { url: '/iiif/image/one', width: 1200, height: 800 };
const computing = (share: number): PreviewView => ({
  ready: false,
  picture: null,
  progress: { share, secondsLeft: 8 },
});
const ready: PreviewView = { ready: true, picture, progress: null };
const knows = Promise.resolve(true);

/** A desk's preview whose server gives these answers one after the other, the last one for ever. */
function previewWith(...answers: readonly (PreviewView | Observable<never> | string)[]) {
  const left = [...answers];
  const post = vi.fn((_address: string, _body: unknown): Observable<unknown> => {
    const answer = left.length > 1 ? left.shift() : left[0];
    return answer && typeof answer === 'object' && 'subscribe' in answer ? answer : of(answer);
  });
  const fail = vi.fn();
  const injector = Injector.create({
    providers: [
      { provide: HttpClient, useValue: { post } },
      { provide: Notices, useValue: { fail } },
      { provide: DeskPreview, useClass: DeskPreview, deps: [] },
    ],
  });
  return { preview: injector.get(DeskPreview), post, fail };
}
const seconds = (n: number): Promise<unknown> => vi.advanceTimersByTimeAsync(n * 1000);

describe('a combination that is not stored', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is asked for once a second until it is there, and its progress is told meanwhile', async () => {
    const { preview, post } = previewWith(computing(0.2), computing(0.7), ready);
    const computed = preview.compute('r', 'a', knows);
    expect(preview.progressOf('r', 'a')).toEqual({ share: 0, secondsLeft: null });
    await seconds(0);
    expect(post).toHaveBeenCalledExactlyOnceWith('/api/restorations/r/previews', null);
    expect(preview.progressOf('r', 'a')).toEqual({ share: 0.2, secondsLeft: 8 });
    expect(preview.pictureOf('r', 'a')).toBeNull();
    await seconds(0.9);
    expect(post).toHaveBeenCalledTimes(1);
    await seconds(0.1);
    expect(preview.progressOf('r', 'a')).toEqual({ share: 0.7, secondsLeft: 8 });
    await seconds(1);
    await computed;
    expect(preview.pictureOf('r', 'a')).toEqual(picture);
    expect(preview.progressOf('r', 'a')).toBeNull();
    await seconds(30);
    expect(post).toHaveBeenCalledTimes(3);
  });

  it('is not asked for before the server knows the decisions, nor where it never learns them', async () => {
    const { preview, post, fail } = previewWith(ready);
    let tell: (known: boolean) => void = () => undefined;
    const computed = preview.compute('r', 'a', new Promise((resolve) => (tell = resolve)));
    await seconds(5);
    expect(post).not.toHaveBeenCalled();
    expect(preview.progressOf('r', 'a')).not.toBeNull();
    tell(false);
    await computed;
    expect(post).not.toHaveBeenCalled();
    expect(preview.progressOf('r', 'a')).toBeNull();
    // The desk has told already that the decisions were lost.
    expect(fail).not.toHaveBeenCalled();
  });

  it('stands for the decisions it was asked for, and for no others', async () => {
    const { preview } = previewWith(ready);
    await preview.compute('r', 'a', knows);
    expect(preview.pictureOf('r', 'b')).toBeNull();
    expect(preview.pictureOf('s', 'a')).toBeNull();
    expect(preview.progressOf('r', 'b')).toBeNull();
    expect(preview.pictureOf('r', 'a')).toEqual(picture);
  });

  it('is given up once the decisions are others, and what still arrives is dropped', async () => {
    const { preview, post } = previewWith(computing(0.1), ready);
    const computed = preview.compute('r', 'a', knows);
    await seconds(0);
    preview.keepOnly('r', 'a');
    expect(preview.progressOf('r', 'a')).not.toBeNull();
    preview.keepOnly('r', 'b');
    expect(preview.progressOf('r', 'a')).toBeNull();
    await seconds(10);
    await computed;
    expect(post).toHaveBeenCalledTimes(1);
    expect(preview.pictureOf('r', 'a')).toBeNull();
  });

  it('drops an answer that was on its way when it was given up', async () => {
    const answer = new Subject<never>();
    const { preview } = previewWith(answer);
    const computed = preview.compute('r', 'a', knows);
    await seconds(0);
    preview.stop();
    answer.next(ready as never);
    answer.complete();
    await computed;
    expect(preview.pictureOf('r', 'a')).toBeNull();
  });

  it('is not the one of a picture that is still being computed', async () => {
    const { preview } = previewWith({ ...computing(0.9), picture }, ready);
    const computed = preview.compute('r', 'a', knows);
    await seconds(0);
    expect(preview.pictureOf('r', 'a')).toBeNull();
    await seconds(1);
    await computed;
    expect(preview.pictureOf('r', 'a')).toEqual(picture);
  });

  it('is given up when the desk is left', async () => {
    const { preview, post } = previewWith(computing(0.1));
    const computed = preview.compute('r', 'a', knows);
    await seconds(2);
    const asked = post.mock.calls.length;
    preview.stop();
    await seconds(10);
    await computed;
    expect(post).toHaveBeenCalledTimes(asked);
  });

  it('is asked for once a second, not twice, where it is given up and asked for again at once', async () => {
    const { preview, post } = previewWith(computing(0.1));
    const first = preview.compute('r', 'a', knows);
    await seconds(0.5);
    preview.stop();
    const second = preview.compute('r', 'a', knows);
    await seconds(0);
    expect(post).toHaveBeenCalledTimes(2);
    await seconds(4);
    await first;
    expect(post).toHaveBeenCalledTimes(6);
    preview.stop();
    await seconds(1);
    await second;
  });

  it('leaves the picture of the newer question, whatever the older one finds', async () => {
    const { preview } = previewWith(computing(0.5), ready);
    const first = preview.compute('r', 'a', knows);
    await seconds(0.2);
    const second = preview.compute('r', 'b', knows);
    await seconds(3);
    await Promise.all([first, second]);
    expect(preview.pictureOf('r', 'a')).toBeNull();
    expect(preview.pictureOf('r', 'b')).toEqual(picture);
  });

  const refused = new Error('the preview could not be computed');
  it.each([
    ['a refusal', throwError(() => refused)],
    ['an answer that is none', 'what'],
  ] as const)('tells %s and can be asked for again', async (_name, answer) => {
    const { preview, post, fail } = previewWith(computing(0.3), answer);
    const computed = preview.compute('r', 'a', knows);
    await seconds(1);
    await computed;
    expect(fail).toHaveBeenCalledTimes(1);
    if (answer !== 'what') expect(fail).toHaveBeenCalledWith(refused);
    expect(preview.progressOf('r', 'a')).toBeNull();
    await seconds(10);
    expect(post).toHaveBeenCalledTimes(2);
  });

  it('says nothing of a failure that nobody waits for any more', async () => {
    const { preview, fail } = previewWith(
      computing(0.3),
      throwError(() => refused),
    );
    let reject: (fault: Error) => void = () => undefined;
    const computed = preview.compute('r', 'a', new Promise((_resolve, lost) => (reject = lost)));
    preview.stop();
    reject(refused);
    await computed;
    expect(fail).not.toHaveBeenCalled();
  });
});
