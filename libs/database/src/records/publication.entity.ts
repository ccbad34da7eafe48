import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One numbered release of an item. The manifest lies under its digest; `view` holds what the public page needs. */
@Entity('publication')
export class PublicationRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({ type: 'uuid', name: 'item_id' })
  itemId!: string;

  @Column({ type: 'integer', name: 'number' })
  number!: number;

  @Column({ type: 'uuid', name: 'restoration_id', nullable: true })
  restorationId!: string | null;

  @Column({ type: 'text', name: 'manifest_key' })
  manifestKey!: string;

  @Column({ type: 'text', name: 'manifest_sha256' })
  manifestSha256!: string;

  @Column({ type: 'integer', name: 'manifest_bytes' })
  manifestBytes!: number;

  @Column({ type: 'jsonb', name: 'view' })
  view!: Record<string, unknown>;

  @Column({ type: 'uuid', name: 'published_by' })
  publishedBy!: string;

  @Column({ type: 'timestamptz', name: 'published_at' })
  publishedAt!: Date;

  @Column({ type: 'uuid', name: 'withdrawn_by', nullable: true })
  withdrawnBy!: string | null;

  @Column({ type: 'timestamptz', name: 'withdrawn_at', nullable: true })
  withdrawnAt!: Date | null;

  @Column({ type: 'text', name: 'withdrawal_reason', nullable: true })
  withdrawalReason!: string | null;
}
