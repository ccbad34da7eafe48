import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Permission } from '@albumen/domain';
import type { RecognisedPerson } from '@albumen/workflow';

/** Who may call a route. Every route says it; the guard refuses one that does not. */
export type Access = 'open' | 'signed-in' | Permission;

/** Name under which a route's access is kept. */
export const accessKey = 'albumen:access';

/** Anybody may call the route, without a token. */
export const Open = () => SetMetadata(accessKey, 'open' satisfies Access);

/** Any signed-in person may call the route. */
export const SignedIn = () => SetMetadata(accessKey, 'signed-in' satisfies Access);

/** A signed-in person whose roles carry the permission may call the route. */
export const Needs = (permission: Permission) => SetMetadata(accessKey, permission);

/** A request whose person is known. */
export type KnownRequest = Request & { person?: RecognisedPerson };

/** The person who asks; only on routes that are not open. */
export const Person = createParamDecorator((_data: unknown, context: ExecutionContext): RecognisedPerson => {
  const { person } = context.switchToHttp().getRequest<KnownRequest>();
  if (!person) throw new Error('Expected a route that needs a person to say so');
  return person;
});
