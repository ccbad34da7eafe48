import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { isErrorCode, retell } from '@albumen/domain';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';
import { HomeState } from './home-state';
import { QueueEstimate } from './queue-estimate';

/** What should I do now? Queues, accessions in progress and failures, each with its way in. Differs by role. */
@Component({
  selector: 'albumen-home',
  imports: [RouterLink, AsWord, Icon, ProblemPanel, QueueEstimate],
  templateUrl: './home.html',
  styleUrl: './home.scss',
})
export class Home {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  protected readonly state = inject(HomeState);
  protected readonly view = this.state.view;
  constructor() {
    if (this.state.view()) this.state.resource.reload();
  }

  protected readonly mayReview = computed(() => this.session.may('review.decide'));

  protected failureSentence(code: string, detail: string): string {
    return isErrorCode(code) ? retell(code, detail, this.language.current()) : detail || code;
  }
}
