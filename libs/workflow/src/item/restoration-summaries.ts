import { In } from 'typeorm';
import type { PersonView, RestorationSummary } from '@albumen/contracts';
import { RestorationRecord, ReviewRecord } from '@albumen/database';
import { refuse } from '@albumen/domain';
import { readPeople } from '../person/person-names.js';
import type { Workbench } from '../workbench.js';

/** A restoration as a line of its original; `review` is its review, where there is one. */
export function summariseRestoration(
  row: RestorationRecord,
  review: ReviewRecord | undefined,
  person: (id: string) => PersonView,
): RestorationSummary {
  return {
    id: row.id,
    status: row.status,
    requestedAt: row.requestedAt.toISOString(),
    requestedBy: person(row.requestedBy),
    automatic: row.automatic,
    operations: row.recipe.steps.map((step) => step.operation),
    level: row.level,
    reviewId: review?.id ?? null,
    progress: row.status === 'running' && row.progress ? { ...row.progress } : null,
    failure: row.failureCode === null ? null : { code: row.failureCode, detail: row.failureDetail ?? '' },
    decidedBy: review?.decidedBy ? person(review.decidedBy) : null,
    decidedAt: review?.decidedAt?.toISOString() ?? null,
  };
}

/** One restoration as a line; refuses with `restoration.not-found`. */
export async function readRestorationSummary(bench: Workbench, id: string): Promise<RestorationSummary> {
  const row = await bench.database.read.getRepository(RestorationRecord).findOneBy({ id });
  if (!row) throw refuse('restoration.not-found', { id });
  const review = await bench.database.read.getRepository(ReviewRecord).findOneBy({ restorationId: id });
  const person = await readPeople(bench, [row.requestedBy, review?.decidedBy]);
  return summariseRestoration(row, review ?? undefined, person);
}

/** Reviews of restorations, by restoration id. */
export async function readReviewsOf(
  bench: Workbench,
  restorationIds: readonly string[],
): Promise<Map<string, ReviewRecord>> {
  if (restorationIds.length === 0) return new Map();
  const rows = await bench.database.read
    .getRepository(ReviewRecord)
    .find({ where: { restorationId: In([...restorationIds]) } });
  return new Map(rows.map((row) => [row.restorationId, row]));
}
