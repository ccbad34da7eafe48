import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { accessionPage } from '@albumen/contracts';
import { More, Pages } from '../controls/pages';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';

/** Every act of bringing files into custody, newest first. */
@Component({
  selector: 'albumen-accession-list',
  imports: [RouterLink, AsWord, Icon, ProblemPanel, More],
  template: `
    <div class="page">
      <div class="row head">
        <h1 class="grow">{{ t('accessions.title') }}</h1>
        @if (session.may('accession.create')) {
          <a class="button primary" routerLink="/desk/accessions/new"
            ><albumen-icon name="upload" />{{ t('accessions.new') }}</a
          >
        }
      </div>
      @if (first.error(); as error) {
        <albumen-problem [error]="error" (retry)="first.reload()" />
      }
      @if (first.hasValue()) {
        @if (rows().length) {
          <div class="card scroll-x">
            <table class="rows">
              <thead>
                <tr>
                  <th scope="col">{{ t('accessions.column.collection') }}</th>
                  <th scope="col">{{ t('accessions.column.files') }}</th>
                  <th scope="col">{{ t('accessions.column.status') }}</th>
                  <th scope="col">{{ t('accessions.column.started') }}</th>
                  <th scope="col">{{ t('accessions.column.by') }}</th>
                </tr>
              </thead>
              <tbody>
                @for (row of rows(); track row.id) {
                  <tr>
                    <td>
                      <a [routerLink]="['/desk/accessions', row.id]">{{
                        language.text(row.collectionTitle) || t('untitled')
                      }}</a>
                      @if (row.note) {
                        <div class="quiet small">{{ row.note }}</div>
                      }
                    </td>
                    <td class="figures">
                      {{
                        t('accession.filesDone', {
                          done: row.totals.total - row.totals.waiting,
                          total: row.totals.total,
                        })
                      }}
                      @if (row.totals.refused) {
                        <span class="no">· {{ t('home.refused', { n: row.totals.refused }) }}</span>
                      }
                    </td>
                    <td>{{ t('accession.status.' + row.status | asWord) }}</td>
                    <td>{{ formats.dateTime(row.createdAt) }}</td>
                    <td>
                      {{ row.createdBy.name }}
                      <span class="quiet small">{{ t('accession.door.' + row.door | asWord) }}</span>
                    </td>
                  </tr>
                }
              </tbody>
            </table>
          </div>
          <albumen-more class="more" [pages]="list" />
        } @else {
          <p class="card empty">{{ t('accessions.none') }}</p>
        }
      } @else if (first.isLoading()) {
        <div class="card ghost" style="height: 240px" aria-busy="true"></div>
      }
    </div>
  `,
  styles: `
    .head {
      margin-bottom: 16px;
    }
    .small {
      font-size: 12px;
    }
    .figures {
      white-space: nowrap;
    }
    .empty {
      padding: 32px 16px;
      color: var(--quiet);
      text-align: center;
    }
    .more {
      display: block;
      margin-top: 12px;
    }
  `,
})
export class AccessionList {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  protected readonly list = new Pages(
    () => ({ url: '/api/accessions' }),
    (raw) => accessionPage.parse(raw),
  );
  protected readonly first = this.list.first;
  protected readonly rows = this.list.rows;
}
