import { HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { catchError, throwError } from 'rxjs';
import { quiet } from './quiet-request';
import { Session } from './session';

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
