import type { Clock, ObjectStore, RestorationEngine, Software } from '@albumen/domain';
import type { Database } from '@albumen/database';

/** What a use case works with: the database, the ports and the program's own name. Made once by `libs/runtime`. */
export interface Workbench {
  readonly database: Database;
  readonly store: ObjectStore;
  readonly engine: RestorationEngine;
  readonly clock: Clock;
  readonly software: Software;
  /** Address under which the public reaches this installation, without trailing slash. */
  readonly publicUrl: string;
}
