import { httpResource } from '@angular/common/http';
import { Component, computed, inject } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { aboutView, publicCollections, publicPage } from '@albumen/contracts';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { PhotoWall } from './photo-wall';

/** The first page: what this place promises, a way to search, collections, what was lately published. */
@Component({
  selector: 'albumen-public-home',
  imports: [RouterLink, Icon, PhotoWall, ProblemPanel],
  templateUrl: './public-home.html',
  styleUrl: './public-pages.scss',
})
export class PublicHome {
  protected readonly language = inject(Language);
  protected readonly t = this.language.t;
  private readonly router = inject(Router);
  protected readonly latest = httpResource(() => '/api/public/photographs', { parse: (raw) => publicPage.parse(raw) });
  protected readonly collections = httpResource(() => '/api/public/collections', {
    parse: (raw) => publicCollections.parse(raw),
  });
  private readonly about = httpResource(() => '/api/about', { parse: (raw) => aboutView.parse(raw) });
  protected readonly originals = computed(() => (this.about.hasValue() ? this.about.value().originals : undefined));

  protected find(text: string): void {
    void this.router.navigate(['/search'], { queryParams: { q: text.trim() } });
  }
}
