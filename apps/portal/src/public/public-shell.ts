import { Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { Icon } from '../icons/icon';
import { Language } from '../language/language';
import { LanguageSwitch } from '../language/language-switch';
import { NoticeLines } from '../problems/notice-lines';

/** The frame of the public site: name, three ways in, language. */
@Component({
  selector: 'albumen-public-shell',
  imports: [RouterOutlet, RouterLink, RouterLinkActive, Icon, LanguageSwitch, NoticeLines],
  template: `
    <a class="skip" href="#content" (click)="$event.preventDefault(); content.focus()">{{ t('skip') }}</a>
    <header>
      <a class="logo" routerLink="/">Albumen</a>
      <a class="h" routerLink="/search" routerLinkActive="on">{{ t('public.search') }}</a>
      <a class="h" routerLink="/about-restoration" routerLinkActive="on">{{ t('public.about') }}</a>
      <span class="grow"></span>
      <a class="s" routerLink="/search" [attr.aria-label]="t('public.search')"><albumen-icon name="search" /></a>
      <a class="h" routerLink="/desk">{{ t('public.desk') }}</a>
      <button albumenLanguageSwitch></button>
    </header>
    <main #content id="content" tabindex="-1"><router-outlet /></main>
    <footer>
      <a routerLink="/about-restoration">{{ t('public.about') }}</a>
      <a routerLink="/search">{{ t('public.search') }}</a>
      <a routerLink="/desk">{{ t('public.desk') }}</a>
    </footer>
    <albumen-notice-lines />
  `,
  styles: `
    :host {
      display: grid;
      grid-template-rows: auto 1fr auto;
      min-height: 100dvh;
      background: var(--paper);
      color: var(--ink);
      font: 400 17px/1.6 var(--read);
    }
    header {
      display: flex;
      gap: 24px;
      align-items: center;
      min-height: 64px;
      padding: 0 32px;
      font: 500 14px/1.5 var(--ui);
    }
    header a {
      color: inherit;
      text-decoration: none;
      min-height: 44px;
      display: inline-flex;
      align-items: center;
    }
    header a:hover,
    .on {
      text-decoration: underline;
      text-underline-offset: 5px;
    }
    .logo {
      font: 600 20px/1.3 var(--read);
    }
    .s {
      display: none !important;
      font-size: 18px;
    }
    button {
      min-height: 44px;
      padding: 0 4px;
      border: 0;
      background: none;
      font: 500 14px/1.5 var(--ui);
      cursor: pointer;
    }
    main {
      outline: none;
      min-width: 0;
    }
    footer {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 28px;
      padding: 32px;
      border-top: 1px solid var(--paper-line);
      font: 400 14px/1.5 var(--ui);
    }
    footer a {
      color: var(--ink-quiet);
      min-height: 28px;
    }
    .skip {
      position: absolute;
      left: -9999px;
      z-index: 90;
      padding: 8px 16px;
      background: var(--paper-card);
    }
    .skip:focus {
      left: 8px;
      top: 8px;
    }
    @media (max-width: 700px) {
      header {
        padding: 0 16px;
        min-height: 56px;
        gap: 14px;
      }
      .h {
        display: none;
      }
      header .h {
        display: none;
      }
      .s {
        display: inline-flex !important;
        min-width: 44px;
        justify-content: center;
      }
      footer {
        padding: 24px 16px;
      }
    }
  `,
})
export class PublicShell {
  protected readonly t = inject(Language).t;
}
