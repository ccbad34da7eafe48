import { HttpContextToken } from '@angular/common/http';

/** Set on requests that carry no token and whose 401 says nothing about the sign-in. */
export const quiet = new HttpContextToken(() => false);
