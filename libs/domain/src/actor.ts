import { refuse } from './errors.js';

/** The roles a person can hold, as realm roles of the sign-in. */
export const roles = ['operator', 'curator', 'archivist', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** By which door a person came: the portal, or a command on the server. */
export type Door = 'web' | 'command-line';

/** Who makes a change. There is no anonymous writer: an expired session is refused, never downgraded. */
export type Actor =
  | { readonly kind: 'person'; readonly id: string; readonly roles: readonly Role[]; readonly door: Door }
  | { readonly kind: 'job'; readonly name: string; readonly id: string }
  | { readonly kind: 'system'; readonly name: string };

/** A person among the actors; most use cases that a door calls accept nobody else. */
export type PersonActor = Extract<Actor, { kind: 'person' }>;

/** The program that carried out a change, named in every audit entry. */
export interface Software {
  readonly name: string;
  readonly version: string;
}

/** What a person may do, decided by role. One table: the API enforces it, the portal reads it to show or hide a control. */
export const permissions = {
  'catalogue.read': ['operator', 'curator', 'archivist', 'administrator'],
  'collection.edit': ['curator', 'archivist', 'administrator'],
  'accession.create': ['operator', 'curator', 'archivist', 'administrator'],
  'item.describe': ['operator', 'curator', 'archivist', 'administrator'],
  'restoration.request': ['operator', 'curator', 'archivist', 'administrator'],
  'review.decide': ['curator', 'administrator'],
  'publication.publish': ['curator', 'administrator'],
  'publication.withdraw': ['curator', 'archivist', 'administrator'],
  'audit.read': ['curator', 'archivist', 'administrator'],
  'audit.verify': ['archivist', 'administrator'],
  'processing.retry': ['operator', 'archivist', 'administrator'],
  // Who may ask for a step must see which models serve it.
  'models.read': ['operator', 'curator', 'archivist', 'administrator'],
  'models.change': ['administrator'],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof permissions;

/** True where one of the roles carries the permission. */
export function may(held: readonly Role[], permission: Permission): boolean {
  return (permissions[permission] as readonly Role[]).some((role) => held.includes(role));
}

/** Refuses with `access.forbidden` unless the actor is a person whose roles carry the permission; returns that person. */
export function requirePermission(actor: Actor, permission: Permission): PersonActor {
  if (actor.kind !== 'person') throw refuse('access.person-needed', { permission });
  if (!may(actor.roles, permission)) throw refuse('access.forbidden', { permission });
  return actor;
}
