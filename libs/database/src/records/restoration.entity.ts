import { Column, Entity, PrimaryColumn } from 'typeorm';
import type {
  AcceptedSet,
  ChangeNumbers,
  EngineProgress,
  ErrorCode,
  Recipe,
  RestorationStatus,
  TreatmentLevel,
} from '@albumen/domain';

/** A proposal made by a recipe for one original. `requestedWith` counts as having requested it too. */
@Entity('restoration')
export class RestorationRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({ type: 'uuid', name: 'original_id' })
  originalId!: string;

  @Column({ type: 'uuid', name: 'item_id' })
  itemId!: string;

  @Column({ type: 'text', name: 'status' })
  status!: RestorationStatus;

  @Column({ type: 'jsonb', name: 'recipe' })
  recipe!: Recipe;

  @Column({ type: 'text', name: 'recipe_sha256' })
  recipeSha256!: string;

  @Column({ type: 'smallint', name: 'level' })
  level!: TreatmentLevel;

  @Column({ type: 'boolean', name: 'automatic' })
  automatic!: boolean;

  @Column({ type: 'uuid', name: 'requested_by' })
  requestedBy!: string;

  @Column({ type: 'uuid', name: 'requested_with', array: true })
  requestedWith!: string[];

  @Column({ type: 'timestamptz', name: 'requested_at' })
  requestedAt!: Date;

  @Column({ type: 'timestamptz', name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  @Column({ type: 'jsonb', name: 'progress', nullable: true })
  progress!: EngineProgress | null;

  @Column({ type: 'jsonb', name: 'numbers', nullable: true })
  numbers!: ChangeNumbers | null;

  @Column({ type: 'text', name: 'failure_code', nullable: true })
  failureCode!: ErrorCode | null;

  @Column({ type: 'text', name: 'failure_detail', nullable: true })
  failureDetail!: string | null;

  @Column({ type: 'text', name: 'receipt', nullable: true })
  receipt!: string | null;

  @Column({ type: 'text', name: 'receipt_signature', nullable: true })
  receiptSignature!: string | null;

  @Column({ type: 'jsonb', name: 'composed', nullable: true })
  composed!: { readonly accepted: AcceptedSet; readonly numbers: ChangeNumbers } | null;

  /** Canonical JSON of the composite's receipt, with the accepted set in it. */
  @Column({ type: 'text', name: 'composed_receipt', nullable: true })
  composedReceipt!: string | null;

  @Column({ type: 'text', name: 'composed_receipt_signature', nullable: true })
  composedReceiptSignature!: string | null;

  @Column({ type: 'timestamptz', name: 'composed_at', nullable: true })
  composedAt!: Date | null;
}
