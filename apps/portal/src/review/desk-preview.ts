import { HttpClient } from '@angular/common/http';
import { Injectable, inject, signal } from '@angular/core';
import { previewView, type PictureView, type PreviewView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { Notices } from '../problems/notices';

/** A combination that was asked for: the decisions it stands for, and how far it is. */
interface Asked {
  readonly restorationId: string;
  readonly decisions: string;
  readonly view: PreviewView | null;
  /** Counts the questions: one that was given up does not go on because the same is asked again. */
  readonly number: number;
}

/**
 * Asks the server for a combination that is not stored, once a second until it is there. It stops as soon as the decisions
 * are others, another review is opened or the desk is left. One instance per desk.
 */
@Injectable()
export class DeskPreview {
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);
  private readonly asked = signal<Asked | null>(null);
  private questions = 0;

  /** The picture of exactly these decisions, once it is computed. */
  pictureOf(restorationId: string, decisions: string): PictureView | null {
    const asked = this.asked();
    return asked?.restorationId === restorationId && asked.decisions === decisions && asked.view?.ready
      ? asked.view.picture
      : null;
  }

  /** How far the computation of these decisions is, or null where none is under way. */
  progressOf(restorationId: string, decisions: string): { share: number; secondsLeft: number | null } | null {
    const asked = this.asked();
    if (asked?.restorationId !== restorationId || asked.decisions !== decisions || asked.view?.ready) return null;
    return asked.view?.progress ?? { share: 0, secondsLeft: null };
  }

  /** Starts it; `told` answers whether the server knows the decisions: without them it would compute another picture. */
  async compute(restorationId: string, decisions: string, told: Promise<boolean>): Promise<void> {
    const started: Asked = { restorationId, decisions, view: null, number: (this.questions += 1) };
    this.asked.set(started);
    const still = (): boolean => this.asked()?.number === started.number;
    try {
      if (!(await told)) {
        if (still()) this.stop();
        return;
      }
      while (still()) {
        const view = previewView.parse(
          await firstValueFrom(this.http.post<unknown>(`/api/restorations/${restorationId}/previews`, null)),
        );
        if (!still()) return;
        this.asked.set({ ...started, view });
        if (view.ready) return;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    } catch (fault) {
      if (!still()) return;
      this.stop();
      this.notices.fail(fault);
    }
  }

  /** Forgets what was asked unless it is about these decisions. */
  keepOnly(restorationId: string, decisions: string): void {
    const asked = this.asked();
    if (asked && (asked.restorationId !== restorationId || asked.decisions !== decisions)) this.stop();
  }

  stop(): void {
    this.asked.set(null);
  }
}
