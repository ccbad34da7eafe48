import { HttpClient } from '@angular/common/http';
import { Injectable, computed, inject, signal } from '@angular/core';
import type { Operation, ReasonCode } from '@albumen/domain';
import { deskView, reviewRow, type ChangeAcceptance, type DeskView, type RegionView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Notices } from '../problems/notices';
import { shownOf } from '../problems/problem';
import { Session } from '../session/session';
import { readLabels, type Labels } from '../viewer/label-picture';
import { QueueState } from './queue-state';

type Word = RegionView['acceptance'];
/** A decision that can still be undone, as the small line at the foot says it. */
export interface LastDecision {
  readonly reviewId: string;
  readonly title: DeskView['review']['title'];
  readonly fileName: string;
  readonly decision: 'approve' | 'reject' | 'rework';
  readonly reason: ReasonCode | null;
}

/**
 * What one person does at one desk: opens and claims, decides regions and layers (the screen follows at once, the server
 * is told shortly after and has the last word), decides the review, undoes. One instance per desk.
 */
@Injectable()
export class DeskWork {
  private readonly http = inject(HttpClient);
  private readonly queue = inject(QueueState);
  private readonly session = inject(Session);
  private readonly notices = inject(Notices);

  readonly desk = signal<DeskView | null>(null);
  readonly fault = signal<unknown>(null);
  readonly labels = signal<Labels | null>(null);
  readonly busy = signal(false);
  readonly last = signal<LastDecision | null>(null);
  private opened = '';
  private unsent: { regions: Map<number, Word>; layers: Map<Operation, { acceptance: Word; strength: number }> } = {
    regions: new Map(),
    layers: new Map(),
  };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> = Promise.resolve();
  /** What the server last showed of the open desk: a decision is about that. */
  private shown = '';
  /** How often the server could not be told: what waits for it must not go on then. */
  private failures = 0;

  /** Why this person cannot decide here, or null. */
  readonly hindrance = computed<'role' | 'own' | 'claimed' | 'decided' | null>(() => {
    const desk = this.desk();
    if (!desk) return null;
    if (desk.review.state !== 'open') return 'decided';
    if (!this.session.may('review.decide')) return 'role';
    if (!desk.review.mayDecide) return 'own';
    if (desk.review.claim && !desk.review.claim.mine) return 'claimed';
    return null;
  });
  readonly active = computed(() => this.desk() !== null && this.hindrance() === null);

  /** Opens a review: what was read ahead is there at once; then it is claimed where that is allowed. */
  async open(id: string): Promise<void> {
    await this.flush();
    this.opened = id;
    this.fault.set(null);
    try {
      const desk = await this.queue.view(id);
      if (this.opened !== id) return;
      this.labels.set(null);
      this.show(desk);
      void this.readLabels(desk);
      if (this.active() && !desk.review.claim?.mine) await this.claim(id);
    } catch (fault) {
      if (this.opened === id) this.fault.set(fault);
    }
  }

  async claim(id: string): Promise<void> {
    try {
      const row = reviewRow.parse(await firstValueFrom(this.http.post<unknown>(`/api/reviews/${id}/claim`, null)));
      this.queue.replace(row);
      this.desk.update((desk) => (desk?.review.id === id ? { ...desk, review: row } : desk));
    } catch (fault) {
      this.queue.forget(id);
      this.notices.fail(fault);
    }
  }

  async release(): Promise<void> {
    const id = this.opened;
    try {
      if (!(await this.flush())) return;
      const row = reviewRow.parse(await firstValueFrom(this.http.post<unknown>(`/api/reviews/${id}/release`, null)));
      this.queue.replace(row);
      this.queue.forget(id);
      this.desk.update((desk) => (desk?.review.id === id ? { ...desk, review: row } : desk));
    } catch (fault) {
      this.notices.fail(fault);
    }
  }

  decideRegions(ordinals: readonly number[], acceptance: Word): void {
    if (!this.mayChange()) return;
    const wanted = new Set(ordinals);
    this.desk.update(
      (desk) =>
        desk && {
          ...desk,
          regions: desk.regions.map((region) => (wanted.has(region.ordinal) ? { ...region, acceptance } : region)),
        },
    );
    for (const ordinal of ordinals) this.unsent.regions.set(ordinal, acceptance);
    this.later();
  }

  decideLayer(operation: Operation, acceptance: Word, strength: number): void {
    if (!this.mayChange()) return;
    this.desk.update(
      (desk) =>
        desk && {
          ...desk,
          layers: desk.layers.map((layer) =>
            layer.operation === operation ? { ...layer, acceptance, acceptedStrength: strength } : layer,
          ),
        },
    );
    this.unsent.layers.set(operation, { acceptance, strength });
    this.later();
  }

  /**
   * Decides the review; answers true once the server has written it. It is not asked to while it has not heard of every
   * acceptance: an approval takes what is undecided for accepted, so a rejection that was lost would be approved.
   */
  async decide(decision: 'approve' | 'reject' | 'rework', reason: ReasonCode | null, note: string): Promise<boolean> {
    const desk = this.desk();
    if (!desk || !this.mayChange() || this.busy()) return false;
    this.busy.set(true);
    try {
      if (!(await this.flush())) return false;
      const body = { shown: this.shown, decision, ...(reason ? { reason } : {}), note };
      const row = reviewRow.parse(
        await firstValueFrom(this.http.post<unknown>(`/api/reviews/${desk.review.id}/decision`, body)),
      );
      this.queue.replace(row);
      this.queue.forget(desk.review.id);
      this.queue.noteDecision();
      this.last.set({
        reviewId: desk.review.id,
        title: desk.review.title,
        fileName: desk.review.fileName,
        decision,
        reason,
      });
      return true;
    } catch (fault) {
      this.notices.fail(fault);
      const { code } = shownOf(fault);
      if (code.startsWith('review.')) this.queue.forget(desk.review.id);
      if (code === 'review.shown-differs' && this.opened === desk.review.id) await this.showTruth(desk.review.id);
      return false;
    } finally {
      this.busy.set(false);
    }
  }

  /** Takes the last decision back; answers the review it was about, or null. */
  async undo(): Promise<string | null> {
    const last = this.last();
    const desk = this.desk();
    const id =
      last?.reviewId ??
      (desk && desk.decision?.undoUntil && desk.decision.by.id === this.session.person()?.id ? desk.review.id : null);
    if (!id || this.busy()) return null;
    this.busy.set(true);
    try {
      const row = reviewRow.parse(await firstValueFrom(this.http.post<unknown>(`/api/reviews/${id}/undo`, null)));
      this.queue.replace(row);
      this.queue.forget(id);
      this.last.set(null);
      return id;
    } catch (fault) {
      this.notices.fail(fault);
      return null;
    } finally {
      this.busy.set(false);
    }
  }

  /** Sends what the server has not been told yet; false where it could not be told. Call before leaving or deciding. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    const before = this.failures;
    const { regions, layers } = this.unsent;
    const restorationId = this.desk()?.restoration.id;
    if (restorationId && (regions.size > 0 || layers.size > 0)) {
      this.unsent = { regions: new Map(), layers: new Map() };
      const body = {
        regions: [...regions].map(([ordinal, acceptance]) => ({ ordinal, acceptance })),
        layers: [...layers].map(([operation, { acceptance, strength }]) => ({ operation, acceptance, strength })),
      };
      this.sending = this.sending.then(() => this.send(restorationId, body));
    }
    await this.sending;
    return this.failures === before;
  }

  private async send(restorationId: string, words: Omit<ChangeAcceptance, 'shown'>): Promise<void> {
    const id = this.desk()?.review.id ?? '';
    const body: ChangeAcceptance = { shown: this.shown, ...words };
    try {
      const fresh = deskView.parse(
        await firstValueFrom(this.http.patch<unknown>(`/api/restorations/${restorationId}/acceptance`, body)),
      );
      this.queue.forget(id);
      this.shown = fresh.shown;
      if (this.unsent.regions.size === 0 && this.unsent.layers.size === 0)
        this.desk.update((desk) => (desk?.review.id === fresh.review.id ? fresh : desk));
    } catch (fault) {
      this.failures += 1;
      this.queue.forget(id);
      this.notices.fail(fault);
      if (this.opened === id) await this.showTruth(id);
    }
  }

  /** Shows what the server has; where it cannot be read, the problem stands there instead of decisions nobody wrote down. */
  private async showTruth(id: string): Promise<void> {
    try {
      const known = await this.queue.view(id);
      if (this.opened === id) this.show(known);
    } catch (fault) {
      if (this.opened !== id) return;
      this.desk.set(null);
      this.fault.set(fault);
    }
  }

  private show(desk: DeskView): void {
    this.shown = desk.shown;
    this.desk.set(desk);
  }

  /** False while another review is being opened: what is decided then must not be told about the wrong one. */
  private mayChange(): boolean {
    return this.active() && this.desk()?.review.id === this.opened;
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), 350);
  }

  private async readLabels(desk: DeskView): Promise<void> {
    if (!desk.regionLabels) return;
    try {
      const answer = await fetch(desk.regionLabels, { credentials: 'same-origin' });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const labels = await readLabels(await answer.arrayBuffer());
      if (this.opened === desk.review.id) this.labels.set(labels);
    } catch (fault) {
      console.warn('The region labels could not be read; boxes are shown instead', fault);
    }
  }
}
