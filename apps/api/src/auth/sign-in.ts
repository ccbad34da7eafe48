import type { Request } from 'express';
import { refuse } from '@albumen/domain';
import type { RecognisedPerson, RecognisePerson } from '@albumen/workflow';
import type { AccessTokens } from './access-token.js';

const remembered = new WeakMap<Request, Promise<RecognisedPerson>>();

/** Turns a request into the person who makes it. */
export class SignIn {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly people: RecognisePerson,
  ) {}

  /** The signed-in person; refuses with `access.sign-in-needed` or `access.token-refused`. One check per request. */
  personOf(request: Request): Promise<RecognisedPerson> {
    const known = remembered.get(request) ?? this.#recognise(request.headers.authorization);
    remembered.set(request, known);
    return known;
  }

  /** True where the request carries a bearer token at all. */
  static hasBearer(request: Request): boolean {
    return request.headers.authorization !== undefined;
  }

  async #recognise(header: string | undefined): Promise<RecognisedPerson> {
    if (header === undefined) throw refuse('access.sign-in-needed');
    const token = /^Bearer ([\w.~+/=-]{1,16000})$/i.exec(header)?.[1];
    if (!token) throw refuse('access.token-refused');
    const bearer = await this.tokens.read(token);
    return this.people.execute({ ...bearer, door: 'web' });
  }
}
