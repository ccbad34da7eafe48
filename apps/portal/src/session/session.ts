import { HttpClient, HttpContext } from '@angular/common/http';
import { Injectable, computed, inject, signal } from '@angular/core';
import { may, type Permission } from '@albumen/domain';
import { aboutView, meView, type AboutView, type MeView } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import type { User, UserManager } from 'oidc-client-ts';
import { quiet } from './quiet-request';

/** How often the view pass (the cookie that lets pictures load) is asked for again; it lasts 15 minutes. */
const viewPassEvery = 10 * 60_000;

/**
 * Who is signed in. Code flow with PKCE; tokens stay in this tab's session storage. When the sign-in ends the screen
 * stays as it is and `expired` turns true: nobody is ever downgraded or thrown out of what they were writing.
 */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly http = inject(HttpClient);
  private manager: UserManager | undefined;
  private user: User | null = null;
  private started: Promise<void> | undefined;
  private passTimer: ReturnType<typeof setInterval> | undefined;

  readonly about = signal<AboutView | null>(null);
  readonly person = signal<MeView | null>(null);
  readonly expired = signal(false);
  readonly signedIn = computed(() => this.person() !== null);
  /** Counts renewals after an expiry: what failed meanwhile watches it and tries again. */
  readonly renewals = signal(0);

  /** Takes up a sign-in that this tab already has. Safe to call often; a failed start is tried again at the next call. */
  start(): Promise<void> {
    this.started ??= this.takeUp().catch((fault: unknown) => {
      this.started = undefined;
      throw fault;
    });
    return this.started;
  }

  /** True where the person's roles carry the permission. */
  readonly may = (permission: Permission): boolean => may(this.person()?.roles ?? [], permission);

  /** The bearer token, or null. */
  token(): string | null {
    return this.user && !this.user.expired ? this.user.access_token : null;
  }

  /** Leaves for the sign-in page and comes back to `returnTo`. */
  async signIn(returnTo: string): Promise<void> {
    const manager = await this.managerOf();
    await manager.signinRedirect({ state: returnTo });
  }

  /** Signs in again in a small window; the screen behind it keeps everything. */
  async signInAgain(): Promise<void> {
    const manager = await this.managerOf();
    const user = await manager.signinPopup({ popupWindowFeatures: { width: 480, height: 640 } });
    await this.hold(user);
    this.expired.set(false);
    this.renewals.update((count) => count + 1);
  }

  /** Finishes a sign-in on the call-back page; answers where to go, or null in the small window (which closes itself). */
  async finish(): Promise<string | null> {
    const manager = await this.managerOf();
    const user = await manager.signinCallback();
    if (!user) return null;
    await this.hold(user);
    this.started = Promise.resolve();
    return typeof user.state === 'string' && user.state.startsWith('/') ? user.state : '/desk';
  }

  async signOut(): Promise<void> {
    await firstValueFrom(this.http.delete('/api/view-pass')).catch((fault: unknown) =>
      console.warn('The view pass could not be handed back', fault),
    );
    clearInterval(this.passTimer);
    const manager = await this.managerOf();
    await manager.signoutRedirect({ post_logout_redirect_uri: `${location.origin}/` });
  }

  private async takeUp(): Promise<void> {
    const manager = await this.managerOf();
    let user = await manager.getUser();
    if (user?.expired && user.refresh_token) {
      user = await manager.signinSilent().catch((fault: unknown) => {
        console.warn('The sign-in could not be renewed; sign in again', fault);
        return null;
      });
    }
    if (user && !user.expired) await this.hold(user);
  }

  private async hold(user: User): Promise<void> {
    this.user = user;
    this.person.set(meView.parse(await firstValueFrom(this.http.get<unknown>('/api/me'))));
    await this.renewViewPass();
    clearInterval(this.passTimer);
    this.passTimer = setInterval(() => void this.renewViewPass(), viewPassEvery);
  }

  private async renewViewPass(): Promise<void> {
    await firstValueFrom(this.http.post('/api/view-pass', null)).catch((fault: unknown) =>
      console.warn('The view pass could not be renewed; pictures may stay empty', fault),
    );
  }

  private async managerOf(): Promise<UserManager> {
    if (this.manager) return this.manager;
    const about =
      this.about() ??
      aboutView.parse(
        await firstValueFrom(this.http.get<unknown>('/api/about', { context: new HttpContext().set(quiet, true) })),
      );
    this.about.set(about);
    const { UserManager, WebStorageStateStore } = await import('oidc-client-ts');
    const manager = new UserManager({
      authority: about.signIn.issuer,
      client_id: about.signIn.clientId,
      redirect_uri: `${location.origin}/sign-in/callback`,
      popup_redirect_uri: `${location.origin}/sign-in/callback`,
      scope: 'openid profile email',
      userStore: new WebStorageStateStore({ store: sessionStorage }),
      automaticSilentRenew: true,
      accessTokenExpiringNotificationTimeInSeconds: 60,
    });
    manager.events.addUserLoaded((user) => {
      this.user = user;
    });
    manager.events.addAccessTokenExpired(() => this.expired.set(this.signedIn()));
    this.manager = manager;
    return manager;
  }
}
