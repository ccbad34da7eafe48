import { Component, inject } from '@angular/core';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { Session } from '../session/session';

/** Says that the sign-in has ended and offers a new one, over whatever is on the screen. */
@Component({
  selector: 'albumen-session-line',
  imports: [Icon],
  template: `
    @if (session.expired()) {
      <div class="line" role="alert">
        <albumen-icon name="key" />
        <span>{{ t('signIn.ended') }}</span>
        <button type="button" class="button primary" (click)="again()">{{ t('signIn.again') }}</button>
      </div>
    }
  `,
  styles: `
    .line {
      position: fixed;
      inset: 8px 8px auto;
      z-index: 80;
      margin: auto;
      width: fit-content;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 12px;
      padding: 8px 8px 8px 16px;
      background: var(--surface);
      border: 1px solid var(--edge);
      border-radius: 8px;
    }
  `,
})
export class SessionLine {
  protected readonly session = inject(Session);
  protected readonly t = inject(Language).t;
  private readonly notices = inject(Notices);

  protected again(): void {
    this.session.signInAgain().catch((fault: unknown) => this.notices.fail(fault));
  }
}
