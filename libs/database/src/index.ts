export { Database, type DatabaseOptions } from './database.js';
export { NothingToChange, type Change, type ChangeEntry } from './change.js';
export { relayOutbox } from './outbox.js';
export * from './records/index.js';
export type { Proof } from './audit/audit-log.js';
export type { Verdict } from './audit/verify.js';
export { leafBytes, leafOf } from './audit/leaf.js';
export { rootFromPath, hashLeaf } from './audit/merkle.js';
export { Signer } from './audit/signed-note.js';
