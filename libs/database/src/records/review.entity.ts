import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ReasonCode } from '@albumen/domain';

/** A decision that is asked for, or was made. */
@Entity('review')
export class ReviewRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({ type: 'uuid', name: 'restoration_id' })
  restorationId!: string;

  @Column({ type: 'uuid', name: 'item_id' })
  itemId!: string;

  @Column({ type: 'uuid', name: 'collection_id' })
  collectionId!: string;

  @Column({ type: 'text', name: 'state' })
  state!: 'open' | 'approved' | 'rejected' | 'rework';

  @Column({ type: 'uuid', name: 'claimed_by', nullable: true })
  claimedBy!: string | null;

  @Column({ type: 'timestamptz', name: 'claimed_until', nullable: true })
  claimedUntil!: Date | null;

  @Column({ type: 'uuid', name: 'decided_by', nullable: true })
  decidedBy!: string | null;

  @Column({ type: 'timestamptz', name: 'decided_at', nullable: true })
  decidedAt!: Date | null;

  @Column({ type: 'text', name: 'reason', nullable: true })
  reason!: ReasonCode | null;

  @Column({ type: 'text', name: 'note' })
  note!: string;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
