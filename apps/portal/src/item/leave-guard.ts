import type { CanDeactivateFn } from '@angular/router';
import type { Item } from './item';

/** Asks before a page is left that holds a request which was not sent. */
export const keepsDraft: CanDeactivateFn<Item> = (page) => page.mayLeave();
