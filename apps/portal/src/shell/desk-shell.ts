import { Component, ElementRef, computed, inject, signal, viewChild } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { Icon } from '../icons/icon';
import type { IconName } from '../icons/icon-paths';
import { AsWord } from '../language/as-word';
import { Language } from '../language/language';
import { LanguageSwitch } from '../language/language-switch';
import type { WordKey } from '../language/words';
import { HomeState } from '../home/home-state';
import { NoticeLines } from '../problems/notice-lines';
import { Notices } from '../problems/notices';
import { Session } from '../session/session';
import { SessionLine } from './session-line';

interface Place {
  readonly to: string;
  readonly word: WordKey;
  readonly icon: IconName;
  readonly exact?: boolean;
  readonly count?: number | undefined;
}

/** The frame of the desk: navigation by role, search, integrity line, language, person. */
@Component({
  selector: 'albumen-desk-shell',
  imports: [
    RouterOutlet,
    RouterLink,
    RouterLinkActive,
    MatMenuModule,
    AsWord,
    Icon,
    LanguageSwitch,
    NoticeLines,
    SessionLine,
  ],
  templateUrl: './desk-shell.html',
  styleUrl: './desk-shell.scss',
  host: { '(document:keydown)': 'onKey($event)' },
})
export class DeskShell {
  protected readonly t = inject(Language).t;
  protected readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly notices = inject(Notices);
  protected readonly home = inject(HomeState).view;
  protected readonly menuOpen = signal(false);
  private readonly search = viewChild<ElementRef<HTMLInputElement>>('search');

  protected readonly places = computed<readonly Place[]>(() => {
    const home = this.home();
    const places: Place[] = [{ to: '/desk', word: 'nav.home', icon: 'home', exact: true }];
    if (this.session.may('catalogue.read'))
      places.push({ to: '/desk/reviews', word: 'nav.review', icon: 'rate-review', count: home?.reviews.open });
    if (this.session.may('accession.create'))
      places.push({
        to: '/desk/accessions',
        word: 'nav.accessions',
        icon: 'inventory-2',
        count: home?.accessions.length,
      });
    places.push({ to: '/desk/collections', word: 'nav.collections', icon: 'photo-library' });
    if (this.session.may('publication.publish') || this.session.may('publication.withdraw'))
      places.push({ to: '/desk/publications', word: 'nav.publications', icon: 'public', count: home?.toPublish });
    places.push({ to: '/desk/queues', word: 'nav.queues', icon: 'pending', count: home?.failures.length });
    // Others come to the models from the steps that use them.
    if (this.session.person()?.roles.some((role) => role === 'archivist' || role === 'administrator'))
      places.push({ to: '/desk/models', word: 'nav.models', icon: 'account-tree' });
    if (this.session.may('audit.read')) places.push({ to: '/desk/audit', word: 'nav.audit', icon: 'fact-check' });
    return places;
  });

  protected find(text: string): void {
    const q = text.trim();
    if (q) void this.router.navigate(['/desk/search'], { queryParams: { q } });
  }

  protected signOut(): void {
    this.session.signOut().catch((fault: unknown) => this.notices.fail(fault));
  }

  protected onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement | null;
    if (event.key !== '/' || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target?.closest('input, textarea, select, [contenteditable]')) return;
    event.preventDefault();
    this.search()?.nativeElement.focus();
  }
}
