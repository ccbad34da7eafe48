import { Catalogue1700000000001 } from './0001-catalogue.js';
import { AuditAndOutbox1700000000002 } from './0002-audit-and-outbox.js';
import { PresetsAndPreviews1700000000003 } from './0003-presets-and-previews.js';
import { WorkersAndSearch1700000000004 } from './0004-workers-and-search.js';

/** Every migration, in order. A new one is added at the end; none is ever changed once released. */
export const migrations = [
  Catalogue1700000000001,
  AuditAndOutbox1700000000002,
  PresetsAndPreviews1700000000003,
  WorkersAndSearch1700000000004,
] as const;
