import { httpResource } from '@angular/common/http';
import { Component, DestroyRef, computed, inject, input } from '@angular/core';
import { factsOf, operationNames, type SpreadQuantity } from '@albumen/domain';
import { albumList } from '@albumen/contracts';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { grewIn, spreadRows, unmeasuredOf, type Album } from './album-answer';

/** How alike the photographs are that got one recipe: their spread by their pixels, the latest album first. */
@Component({
  selector: 'albumen-albums',
  imports: [AsWord, Icon, ProblemPanel],
  template: `
    @if (list.error(); as error) {
      <albumen-problem [error]="error" (retry)="list.reload()" />
    } @else if (albums()[0]; as latest) {
      <details class="card">
        <summary>
          <albumen-icon name="layers" /><b>{{ t('album.list') }}</b>
          <span>{{ latest.asked }}</span>
          <span class="quiet">{{ latest.measured }}</span>
          @if (latest.grew.length) {
            <span class="warn"><albumen-icon name="warning" />{{ t('album.grew') }}</span>
          }
        </summary>
        @for (album of albums(); track $index) {
          <div class="album">
            @if (albums().length > 1) {
              <h3>
                {{ album.asked }}, <span class="quiet">{{ album.measured }}</span>
              </h3>
            }
            <p class="quiet">{{ album.steps }}</p>
            @if (album.unmeasured) {
              <p role="status">{{ album.unmeasured }}</p>
            }
            @for (one of album.grew; track one.kind) {
              <p [class.warn]="one.kind === 'unforeseen'">
                <albumen-icon [name]="one.kind === 'unforeseen' ? 'warning' : 'info'" />
                {{ t('album.grew.' + one.kind | asWord, { what: named(one.quantities) }) }}
              </p>
            }
            @if (album.rows.length) {
              @if (!album.grew.length) {
                <p><albumen-icon name="check" class="ok" /> {{ t('album.together') }}</p>
              }
              <div class="scroll-x">
                <table class="rows">
                  <caption class="quiet">
                    {{
                      t('album.apart')
                    }}
                  </caption>
                  <thead>
                    <tr>
                      <td></td>
                      <th scope="col">{{ t('album.before') }}</th>
                      <th scope="col">{{ t('album.after') }}</th>
                      @if (album.foretold) {
                        <th scope="col">{{ t('album.foretold') }}</th>
                      }
                    </tr>
                  </thead>
                  <tbody>
                    @for (row of album.rows; track row.quantity) {
                      <tr>
                        <th scope="row">{{ t('album.quantity.' + row.quantity | asWord) }}</th>
                        <td>{{ formats.number(row.before, 1) }}</td>
                        <td [class.more]="row.grew">{{ formats.number(row.after, 1) }}</td>
                        @if (row.foretold !== null) {
                          <td class="quiet">{{ formats.number(row.foretold, 1) }}</td>
                        }
                      </tr>
                    }
                  </tbody>
                </table>
              </div>
            } @else {
              <p class="quiet">{{ t('album.tooFew') }}</p>
            }
          </div>
        }
      </details>
    }
  `,
  styles: `
    details {
      padding: 8px 16px;
      margin-bottom: 12px;
    }
    summary {
      cursor: pointer;
      line-height: 1.9;
    }
    summary > * {
      margin-right: 8px;
    }
    b {
      font-weight: 500;
    }
    .album {
      max-width: 640px;
      padding: 8px 0 12px;
    }
    .album + .album {
      border-top: 1px solid var(--line);
    }
    p {
      margin: 4px 0;
    }
    caption {
      padding: 6px 0;
      text-align: left;
      font-size: 12px;
    }
    tbody th {
      white-space: normal;
    }
    thead td {
      border-bottom: 1px solid var(--line);
    }
    tr:last-child th[scope='row'] {
      border-bottom: 0;
    }
    th[scope='col'],
    tbody td {
      text-align: right;
      font-variant-numeric: tabular-nums;
    }
    .more {
      font-weight: 600;
      color: var(--rework);
    }
  `,
})
export class Albums {
  private readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  readonly collectionId = input.required<string>();

  protected readonly list = httpResource(() => `/api/collections/${this.collectionId()}/albums`, {
    parse: (raw) => albumList.parse(raw).rows,
  });
  private readonly rows = computed(() => (this.list.hasValue() ? this.list.value() : []));
  protected readonly albums = computed(() => this.rows().map((album) => this.told(album)));

  constructor() {
    const timer = setInterval(() => {
      if (this.rows().some(({ waiting }) => waiting > 0) && document.visibilityState === 'visible') this.list.reload();
    }, 5000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  /** Looks again, after something was asked for. */
  reload(): void {
    this.list.reload();
  }

  protected named(quantities: readonly SpreadQuantity[]): string {
    return quantities.map((quantity) => this.t(`album.quantity.${quantity}`)).join(', ');
  }

  private told(album: Album) {
    return {
      asked: this.t('album.asked', { n: album.photographs, date: this.formats.date(album.requestedAt) }),
      measured: this.t('album.measured', { measured: album.measured, n: album.photographs }),
      unmeasured: unmeasuredOf(album)
        .map(({ why, n }) => this.t(`album.${why}`, { n }))
        .join(' · '),
      steps: album.steps
        .map(({ operation, strength }) => {
          const known = operationNames.find((name) => name === operation);
          return `${known ? this.language.text(factsOf(known).label) : operation} ${this.formats.share(strength)}`;
        })
        .join(' · '),
      foretold: album.spread?.foretold !== null,
      rows: album.spread ? spreadRows(album.spread) : [],
      grew: grewIn(album.spread),
    };
  }
}
