import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccessionStatus, Door } from '@albumen/domain';

/** One act of bringing files into custody. */
@Entity('accession')
export class AccessionRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({ type: 'uuid', name: 'collection_id' })
  collectionId!: string;

  @Column({ type: 'text', name: 'note' })
  note!: string;

  @Column({ type: 'text', name: 'door' })
  door!: Door;

  @Column({ type: 'text', name: 'status' })
  status!: AccessionStatus;

  @Column({ type: 'text', name: 'source' })
  source!: string;

  @Column({ type: 'text', name: 'idempotency_key', nullable: true })
  idempotencyKey!: string | null;

  @Column({ type: 'uuid', name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'closed_at', nullable: true })
  closedAt!: Date | null;
}
