import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AcceptedSet, ChangeNumbers, EngineProgress, ErrorCode, ReceiptBody } from '@albumen/domain';

/** A combination of regions and layers that somebody asked to see; its files are derivatives of variant `preview-…`. */
@Entity('restoration_preview')
export class PreviewRecord {
  @PrimaryColumn({ type: 'uuid', name: 'restoration_id' })
  restorationId!: string;

  /** SHA-256 of the accepted set's canonical JSON, hex. */
  @PrimaryColumn({ type: 'text', name: 'accepted_sha256' })
  acceptedSha256!: string;

  @Column({ type: 'jsonb', name: 'accepted' })
  accepted!: AcceptedSet;

  @Column({ type: 'text', name: 'state' })
  state!: 'waiting' | 'done' | 'failed';

  @Column({ type: 'jsonb', name: 'progress', nullable: true })
  progress!: EngineProgress | null;

  @Column({ type: 'jsonb', name: 'numbers', nullable: true })
  numbers!: ChangeNumbers | null;

  @Column({ type: 'jsonb', name: 'receipt', nullable: true })
  receipt!: ReceiptBody | null;

  @Column({ type: 'text', name: 'failure_code', nullable: true })
  failureCode!: ErrorCode | null;

  @Column({ type: 'text', name: 'failure_detail', nullable: true })
  failureDetail!: string | null;

  @Column({ type: 'uuid', name: 'requested_by' })
  requestedBy!: string;

  @Column({ type: 'timestamptz', name: 'requested_at' })
  requestedAt!: Date;

  @Column({ type: 'timestamptz', name: 'made_at', nullable: true })
  madeAt!: Date | null;
}
