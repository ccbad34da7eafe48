import type { Request, Response } from 'express';
import { refuse, requirePermission } from '@albumen/domain';
import type { FileAccess } from '@albumen/workflow';
import { SignIn } from './sign-in.js';
import type { ViewPass } from './view-pass.js';

/** Lets somebody read a stored file, or refuses, and says how long the answer may be kept. */
export class Reader {
  constructor(
    private readonly signIn: SignIn,
    private readonly pass: ViewPass,
  ) {}

  /**
   * Public files may be kept for a minute and asked for again by their ETag, so that a withdrawal reaches every cache;
   * what only staff may see is never stored. Refuses with `publication.withdrawn`, `access.sign-in-needed` and its like.
   */
  async admit(request: Request, response: Response, access: FileAccess): Promise<void> {
    if (access.to === 'public') {
      response.set('Cache-Control', 'public, max-age=60, must-revalidate');
      return;
    }
    response.set('Cache-Control', 'private, no-store');
    if (SignIn.hasBearer(request)) {
      const { actor } = await this.signIn.personOf(request);
      requirePermission(actor, 'catalogue.read');
      return;
    }
    if (this.pass.holds(request)) return;
    if (access.to === 'withdrawn') throw refuse('publication.withdrawn', { reason: access.reason });
    throw refuse('access.sign-in-needed');
  }
}
