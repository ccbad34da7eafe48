import { Component, inject } from '@angular/core';
import { treatmentLevelWords, treatmentLevels } from '@albumen/domain';
import { AsWord } from '../language/as-word';
import { Language } from '../language/language';

/** How photographs are restored here, in words for everybody. */
@Component({
  selector: 'albumen-about-restoration',
  imports: [AsWord],
  template: `
    <div class="column">
      <div class="reading">
        <h1>{{ t('about.title') }}</h1>
        @for (n of [1, 2, 3, 4, 5]; track n) {
          <section>
            <h2>{{ t('about.' + n + '.title' | asWord) }}</h2>
            <p>{{ t('about.' + n + '.text' | asWord) }}</p>
          </section>
        }
        <section>
          <h2>{{ t('about.levels') }}</h2>
          <dl class="levels">
            @for (level of levels; track level) {
              <div>
                <dt>{{ level }}</dt>
                <dd>
                  <strong>{{ language.text(words[level]) }}</strong><br />{{ t('about.level.' + level | asWord) }}
                </dd>
              </div>
            }
          </dl>
        </section>
      </div>
    </div>
  `,
  styleUrl: './public-pages.scss',
})
export class AboutRestoration {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly levels = treatmentLevels;
  protected readonly words = treatmentLevelWords;
}
