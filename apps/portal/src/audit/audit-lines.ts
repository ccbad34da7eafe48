import { Component, inject, input } from '@angular/core';
import type { AuditRow } from '@albumen/contracts';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';

/** Journal entries in words, newest first. */
@Component({
  selector: 'albumen-audit-lines',
  imports: [AsWord],
  template: `
    <ol>
      @for (row of rows(); track row.seq) {
        <li>
          <span
            ><strong>{{ row.actorName }}</strong> {{ t('action.' + row.action | asWord) }}</span
          >
          <span class="quiet" [title]="row.at"
            >{{ formats.dateTime(row.at) }} · <span class="mono">#{{ row.seq }}</span></span
          >
        </li>
      } @empty {
        <li class="quiet">{{ t('journal.none') }}</li>
      }
    </ol>
  `,
  styles: `
    ol {
      list-style: none;
      margin: 0;
      padding: 0;
    }
    li {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      gap: 0 12px;
      padding: 5px 0;
      border-bottom: 1px solid var(--line);
      font-size: 13px;
    }
    li:last-child {
      border-bottom: 0;
    }
    strong {
      font-weight: 500;
    }
  `,
})
export class AuditLines {
  protected readonly t = inject(Language).t;
  protected readonly formats = inject(Formats);
  readonly rows = input.required<readonly AuditRow[]>();
}
