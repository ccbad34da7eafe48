import { httpResource } from '@angular/common/http';
import { Injectable, computed, inject } from '@angular/core';
import { homeView } from '@albumen/contracts';
import { Session } from '../session/session';

/** What waits for whom, read once and shared by the frame and the home page; asked again every half minute while the page is seen. */
@Injectable({ providedIn: 'root' })
export class HomeState {
  private readonly session = inject(Session);
  readonly resource = httpResource(() => (this.session.signedIn() ? { url: '/api/home' } : undefined), {
    parse: (raw) => homeView.parse(raw),
  });
  readonly view = computed(() => (this.resource.hasValue() ? this.resource.value() : undefined));

  constructor() {
    setInterval(() => {
      if (document.visibilityState === 'visible' && this.session.signedIn() && !this.session.expired())
        this.resource.reload();
    }, 30_000);
  }
}
