import type { Job, NextSteps } from '@albumen/domain';

const characterise = (originalId: string): Job => ({ name: 'characterise-original', payload: { originalId } });
const derive = (originalId: string): Job => ({ name: 'make-derivatives', payload: { originalId } });
const assess = (originalId: string): Job => ({ name: 'assess-damage', payload: { originalId } });
const propose = (originalId: string): Job => ({ name: 'propose-restoration', payload: { originalId } });
const restore = (restorationId: string): Job => ({ name: 'restore-original', payload: { restorationId } });
const preview = (restorationId: string): Job => ({ name: 'preview-accepted', payload: { restorationId } });
const compose = (restorationId: string): Job => ({ name: 'compose-accepted', payload: { restorationId } });

/**
 * What happens next, decided in one place: audit action → jobs, by the id of the entry's subject. To know what follows
 * anything, read this. A decision on a review is recorded for the review and for its restoration; the jobs hang on
 * the latter. A retried original is offered every step; those that are done answer `skipped`.
 */
export const nextSteps: NextSteps = {
  'person.first-seen': [],
  'collection.created': [],
  'collection.changed': [],
  'accession.planned': [],
  'accession.closed': [],
  'accession.cancelled': [],
  'file.refused': [],
  'file.duplicate': [],
  'original.received': [characterise],
  'original.characterised': [derive],
  'original.derivatives-made': [assess],
  'original.damage-assessed': [propose],
  'original.treatment-not-needed': [],
  'original.processing-failed': [],
  'original.processing-retried': [characterise, derive, assess, propose],
  'item.described': [],
  'restoration.requested': [restore],
  'restoration.started': [],
  'restoration.proposed': [],
  'restoration.failed': [],
  'restoration.cancelled': [],
  'restoration.acceptance-changed': [],
  'restoration.preview-asked': [preview],
  'restoration.preview-made': [],
  'restoration.approved': [compose],
  'restoration.composed': [],
  'review.claimed': [],
  'review.released': [],
  'review.approved': [],
  'review.rejected': [],
  'review.rework-asked': [],
  'review.decision-undone': [],
  'publication.published': [],
  'publication.withdrawn': [],
  'model.accepted': [],
  'model.removed': [],
};
