import type { Command } from '../command.js';
import { doctor } from './doctor.js';
import { ingest } from './ingest.js';
import { models } from './models.js';
import { openapi } from './openapi.js';
import { rerun } from './rerun.js';
import { restore } from './restore.js';
import { status } from './status.js';
import { up } from './up.js';
import { verify } from './verify.js';

/** Every command of `albumen`, in the order of its help. */
export const commands: readonly Command[] = [up, ingest, status, verify, restore, rerun, models, openapi, doctor];
