import { HttpClient } from '@angular/common/http';
import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { isErrorCode, retell } from '@albumen/domain';
import type { HomeView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { HomeState } from '../home/home-state';
import { QueueEstimate } from '../home/queue-estimate';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';

interface Group {
  readonly key: string;
  readonly step: string;
  readonly code: string;
  readonly rows: HomeView['failures'];
}

/** Is anything stuck? What the machine does, and what failed, grouped by reason with a way to try again. */
@Component({
  selector: 'albumen-queues',
  imports: [RouterLink, AsWord, Icon, ProblemPanel, QueueEstimate],
  template: `
    <div class="page">
      <h1>{{ t('nav.queues') }}</h1>
      <p class="quiet lead">{{ t('queues.lead') }}</p>
      @if (state.resource.error(); as error) {
        <albumen-problem [error]="error" (retry)="state.resource.reload()" />
      }
      @if (state.view(); as home) {
        <div class="cards">
          <div class="card">
            <b>{{ formats.number(home.processing.running) }}</b><span class="quiet">{{ t('queues.running') }}</span>
          </div>
          <div class="card">
            <b>{{ formats.number(home.processing.waiting) }}</b><span class="quiet">{{ t('queues.waiting') }}</span>
          </div>
        </div>
        <albumen-queue-estimate class="card estimate" />
        <h2 class="head">{{ t('queues.failures') }}</h2>
        @for (group of groups(); track group.key) {
          <section class="card group">
            <div class="row">
              <strong class="grow">{{ t('step.' + group.step | asWord) }} · {{ group.rows.length }}</strong>
              @if (session.may('processing.retry')) {
                <button type="button" class="button" [disabled]="busy()" (click)="retry(group)">
                  <albumen-icon name="refresh" />{{ t('queues.retryAll') }}
                </button>
              }
            </div>
            <p>{{ sentenceOf(group) }}</p>
            <ul>
              @for (row of group.rows; track row.originalId) {
                <li>
                  <a [routerLink]="['/desk/items', row.itemId]">{{ language.text(row.title) || row.fileName }}</a>
                  <span class="quiet">{{ formats.ago(row.at) }}</span>
                </li>
              }
            </ul>
          </section>
        } @empty {
          <p class="card empty"><albumen-icon name="check-circle" class="ok" />{{ t('home.failures.none') }}</p>
        }
      }
    </div>
  `,
  styles: `
    .lead {
      margin: 2px 0 20px;
    }
    .cards {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(160px, 1fr));
      gap: 12px;
      margin-bottom: 24px;
      max-width: 720px;
    }
    .cards .card {
      padding: 14px 16px;
      display: grid;
    }
    b {
      font-size: 20px;
      font-weight: 600;
    }
    .head {
      margin-bottom: 8px;
    }
    .estimate {
      display: block;
      padding: 12px 16px;
      margin-bottom: 24px;
    }
    .group {
      padding: 12px 16px;
      margin-bottom: 12px;
    }
    ul {
      margin: 8px 0 0;
      padding-left: 18px;
    }
    .empty {
      display: flex;
      gap: 8px;
      align-items: center;
      padding: 20px 16px;
      color: var(--quiet);
    }
  `,
})
export class Queues {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  protected readonly state = inject(HomeState);
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);
  protected readonly busy = signal(false);

  protected readonly groups = computed<readonly Group[]>(() => {
    const groups = new Map<string, Group>();
    for (const row of this.state.view()?.failures ?? []) {
      const key = `${row.step}|${row.code}`;
      const group = groups.get(key);
      groups.set(key, { key, step: row.step, code: row.code, rows: [...(group?.rows ?? []), row] });
    }
    return [...groups.values()];
  });

  protected sentenceOf(group: Group): string {
    const detail = group.rows[0]?.detail ?? '';
    return isErrorCode(group.code) ? retell(group.code, detail, this.language.current()) : detail || group.code;
  }

  protected async retry(group: Group): Promise<void> {
    this.busy.set(true);
    try {
      for (const row of group.rows)
        await firstValueFrom(this.http.post(`/api/originals/${row.originalId}/retry`, null));
      const params = { n: group.rows.length };
      this.notices.say(this.language.t('queues.retried', params), this.language.t('queues.retried', params));
    } catch (fault) {
      this.notices.fail(fault);
    } finally {
      this.busy.set(false);
      this.state.resource.reload();
    }
  }
}
