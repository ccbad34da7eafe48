import { Component, inject, input, output, signal, type OnInit } from '@angular/core';
import { Router, type CanActivateFn } from '@angular/router';
import { Language } from '../language/language';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from './session';

/** Lets signed-in people pass and sends everybody else to the sign-in page, with the way back. */
export const signedIn: CanActivateFn = async (_route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  await session.start().catch((fault: unknown) => console.warn('Sign-in could not be taken up', fault));
  return session.signedIn() || router.createUrlTree(['/sign-in'], { queryParams: { to: state.url } });
};

/** The page between the portal and the sign-in: where one is on the way to, or what went wrong and a way to try again. */
@Component({
  selector: 'albumen-sign-in-page',
  imports: [ProblemPanel],
  template: `
    <main class="sign-in">
      <h1>Albumen</h1>
      @if (fault(); as error) {
        <albumen-problem [error]="error" (retry)="retry.emit()" />
      } @else {
        <p role="status">{{ words() }}</p>
      }
    </main>
  `,
  styles: `
    .sign-in {
      display: grid;
      gap: 16px;
      justify-items: center;
      padding: 20vh 16px;
      text-align: center;
    }
  `,
})
export class SignInPage {
  readonly words = input.required<string>();
  readonly fault = input.required<unknown>();
  readonly retry = output();
}

/** Goes to the sign-in page at once and says so; where that page does not answer it says what to do. */
@Component({
  selector: 'albumen-sign-in',
  imports: [SignInPage],
  template: `<albumen-sign-in-page [words]="t('signIn.leaving')" [fault]="fault()" (retry)="go()" />`,
})
export class SignIn implements OnInit {
  private readonly session = inject(Session);
  protected readonly t = inject(Language).t;
  /** Address to come back to. */
  readonly to = input('/desk', { transform: (given: string | undefined) => given ?? '/desk' });
  protected readonly fault = signal<unknown>(null);

  ngOnInit(): void {
    this.go();
  }

  protected go(): void {
    this.fault.set(null);
    const to = this.to();
    this.session.signIn(to.startsWith('/') ? to : '/desk').catch((fault: unknown) => this.fault.set(fault));
  }
}

/** Where the sign-in page sends people back to. */
@Component({
  selector: 'albumen-sign-in-callback',
  imports: [SignInPage],
  template: `<albumen-sign-in-page [words]="t('signIn.arriving')" [fault]="fault()" (retry)="again()" />`,
})
export class SignInCallback implements OnInit {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  protected readonly t = inject(Language).t;
  protected readonly fault = signal<unknown>(null);

  ngOnInit(): void {
    this.session
      .finish()
      .then((to) => (to ? this.router.navigateByUrl(to, { replaceUrl: true }) : true))
      .catch((fault: unknown) => this.fault.set(fault));
  }

  protected again(): void {
    void this.router.navigateByUrl('/desk');
  }
}
