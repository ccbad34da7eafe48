import { HttpContextToken, HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { catchError, throwError } from 'rxjs';
import { Session } from './session';

/** Set on requests that carry no token and whose 401 says nothing about the sign-in. */
export const quiet = new HttpContextToken(() => false);

/** Adds the bearer token to /api requests, never to another host; a 401 turns `Session.expired` on and the screen stays. */
export const bearer: HttpInterceptorFn = (request, next) => {
  if (!request.url.startsWith('/api/') || request.url.startsWith('/api/public/') || request.context.get(quiet))
    return next(request);
  const session = inject(Session);
  const token = session.token();
  const sent = token ? request.clone({ setHeaders: { authorization: `Bearer ${token}` } }) : request;
  return next(sent).pipe(
    catchError((fault: unknown) => {
      if (fault instanceof HttpErrorResponse && fault.status === 401 && session.signedIn()) session.expired.set(true);
      return throwError(() => fault);
    }),
  );
};
