import { PersonRecord } from './person.entity.js';
import { CollectionRecord } from './collection.entity.js';
import { AccessionRecord } from './accession.entity.js';
import { AccessionFileRecord } from './accession-file.entity.js';
import { ItemRecord } from './item.entity.js';
import { DescriptionRecord } from './description.entity.js';
import { OriginalRecord } from './original.entity.js';
import { OriginalFactsRecord } from './original-facts.entity.js';
import { DerivativeRecord } from './derivative.entity.js';
import { ProcessingRecord } from './processing.entity.js';
import { DamageReportRecord } from './damage-report.entity.js';
import { RestorationRecord } from './restoration.entity.js';
import { RegionRecord } from './region.entity.js';
import { LayerRecord } from './layer.entity.js';
import { PreviewRecord } from './preview.entity.js';
import { ReviewRecord } from './review.entity.js';
import { PublicationRecord } from './publication.entity.js';
import { AuditEntryRecord } from './audit-entry.entity.js';
import { AuditCheckpointRecord } from './audit-checkpoint.entity.js';
import { OutboxRecord } from './outbox.entity.js';

/** Every entity; the data source is made with these. */
export const records: (new () => object)[] = [
  PersonRecord,
  CollectionRecord,
  AccessionRecord,
  AccessionFileRecord,
  ItemRecord,
  DescriptionRecord,
  OriginalRecord,
  OriginalFactsRecord,
  DerivativeRecord,
  ProcessingRecord,
  DamageReportRecord,
  RestorationRecord,
  RegionRecord,
  LayerRecord,
  PreviewRecord,
  ReviewRecord,
  PublicationRecord,
  AuditEntryRecord,
  AuditCheckpointRecord,
  OutboxRecord,
];

export {
  PersonRecord,
  CollectionRecord,
  AccessionRecord,
  AccessionFileRecord,
  ItemRecord,
  DescriptionRecord,
  OriginalRecord,
  OriginalFactsRecord,
  DerivativeRecord,
  ProcessingRecord,
  DamageReportRecord,
  RestorationRecord,
  RegionRecord,
  LayerRecord,
  PreviewRecord,
  ReviewRecord,
  PublicationRecord,
  AuditEntryRecord,
  AuditCheckpointRecord,
  OutboxRecord,
};
