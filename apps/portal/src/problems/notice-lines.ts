import { Component, inject } from '@angular/core';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import { Notices } from './notices';

/** Shows the notices, politely announced. */
@Component({
  selector: 'albumen-notice-lines',
  imports: [Icon],
  template: `
    <div class="lines" aria-live="polite">
      @for (notice of notices.list(); track notice.id) {
        <div class="line" [class.failed]="notice.kind === 'failed'">
          <albumen-icon [name]="notice.kind === 'failed' ? 'error' : 'info'" />
          <span>{{ notice.sentences[language.current()] }}</span>
          <button type="button" (click)="notices.dismiss(notice.id)" [attr.aria-label]="language.t('dismiss')">
            <albumen-icon name="close" />
          </button>
        </div>
      }
    </div>
  `,
  styles: `
    .lines {
      position: fixed;
      inset-inline: 16px;
      bottom: 72px;
      display: grid;
      gap: 8px;
      justify-items: center;
      pointer-events: none;
      z-index: 60;
    }
    .line {
      display: flex;
      align-items: center;
      gap: 10px;
      max-width: 640px;
      padding: 8px 8px 8px 14px;
      border: 1px solid var(--edge);
      border-radius: 8px;
      background: var(--surface);
      color: var(--text);
      pointer-events: auto;
    }
    .failed albumen-icon:first-child {
      color: var(--reject);
    }
    button {
      display: grid;
      place-items: center;
      min-width: 32px;
      min-height: 32px;
      border: 0;
      background: none;
      cursor: pointer;
    }
  `,
})
export class NoticeLines {
  protected readonly notices = inject(Notices);
  protected readonly language = inject(Language);
}
