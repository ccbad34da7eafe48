import { Component, computed, inject, input, output } from '@angular/core';
import { Pressed } from '../controls/pressed';
import { Icon } from '../icons/icon';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import type { Size } from '../viewer/mark-up-geometry';
import type { ShareBox } from '../viewer/stage';
import type { DoubtfulState } from './doubtful-state';
import type { RecipeDraft } from './recipe-draft';

/** Steps through the doubtful marks without a mouse, and asks for the chosen one to be repaired. */
@Component({
  selector: 'albumen-doubtful-bar',
  imports: [Icon, Pressed],
  template: `
    @if (state().failed()) {
      <p role="alert"><albumen-icon name="warning" /> {{ t('doubt.failed') }}</p>
    } @else if (state().marks(); as marks) {
      @if (marks.length) {
        <button type="button" class="button" (click)="go(-1)">
          <albumen-icon name="arrow-back" /><span>{{ t('doubt.before') }}</span>
        </button>
        <button type="button" class="button" (click)="go(1)">
          <albumen-icon name="arrow-forward" /><span>{{ t('doubt.next') }}</span>
        </button>
      }
      <p class="grow" role="status">{{ words() }}</p>
      @if (marks.length) {
        <button
          type="button"
          class="button repair"
          [albumenPressed]="asked()"
          [disabled]="!asked() && (kept() || !state().chosen())"
          (click)="state().toggle(draft())"
        >
          <albumen-icon [name]="asked() ? 'check' : 'add'" />{{ t('doubt.repair') }}
        </button>
      }
    } @else {
      <p role="status">{{ t('doubt.loading') }}</p>
    }
  `,
  styleUrl: './dark-buttons.scss',
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px 8px;
      padding: 0 8px 8px;
      background: #1b1b1b;
      color: #f2f2f2;
      font-size: 13px;
    }
    p {
      margin: 0;
    }
    /* Room for two lines: a bar that grows would move the picture just brought into view. */
    .grow {
      flex: 1 1 200px;
      display: flex;
      align-items: center;
      min-height: 36px;
      line-height: 1.3;
    }
    @media (max-width: 700px) {
      .grow {
        flex-basis: 100%;
        order: 1;
      }
      /* The arrows stay a place for the thumb, and the button beside them gets the room. */
      .button:not(.repair) {
        min-width: 44px;
        justify-content: center;
        span {
          position: absolute;
          width: 1px;
          height: 1px;
          clip-path: inset(50%);
          overflow: hidden;
          white-space: nowrap;
        }
      }
      .repair {
        flex: 1;
        justify-content: center;
      }
    }
  `,
})
export class DoubtfulBar {
  protected readonly t = inject(Language).t;
  private readonly formats = inject(Formats);
  readonly state = input.required<DoubtfulState>();
  readonly draft = input.required<RecipeDraft>();
  readonly size = input.required<Size>();
  /** A mark that was stepped to, to be brought into view. */
  readonly shown = output<ShareBox>();

  protected readonly kept = computed(() => this.state().isProtected(this.draft()));
  protected readonly asked = computed(() => this.state().isAsked(this.draft()));
  protected readonly words = computed(() => {
    const marks = this.state().marks() ?? [];
    const chosen = this.state().chosen();
    if (!chosen) return this.t('doubt.count', { n: marks.length });
    const { width, height } = this.size();
    const words = this.t('doubt.chosen', {
      kind: this.t(chosen.kind === 'scratch' ? 'doubt.scratch' : 'doubt.dust'),
      n: this.formats.number(this.state().place() + 1),
      of: this.formats.number(marks.length),
      width: this.formats.number(Math.max(1, Math.round(chosen.box.width * width))),
      height: this.formats.number(Math.max(1, Math.round(chosen.box.height * height))),
    });
    if (this.kept()) return `${words} · ${this.t('doubt.protected')}`;
    return this.asked() ? `${words} · ${this.t('doubt.added')}` : words;
  });

  protected go(by: 1 | -1): void {
    const mark = this.state().move(by);
    if (mark) this.shown.emit(mark.box);
  }
}
