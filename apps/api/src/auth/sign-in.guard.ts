import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { requirePermission } from '@albumen/domain';
import { accessKey, type Access, type KnownRequest } from './access.decorator.js';
import { SignIn } from './sign-in.js';

/** Lets a request through to a route as the route's access says: 401 without a valid token, 403 without the role. */
@Injectable()
export class SignInGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly signIn: SignIn,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(accessKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === undefined)
      throw new Error(`Expected ${context.getClass().name}.${context.getHandler().name} to say who may call it`);
    if (access === 'open') return true;
    const request = context.switchToHttp().getRequest<KnownRequest>();
    request.person = await this.signIn.personOf(request);
    if (access !== 'signed-in') requirePermission(request.person.actor, access);
    return true;
  }
}
