import { Column, Entity, PrimaryColumn } from 'typeorm';
import { wholeNumber } from './whole-number.js';

/** A signed statement of the log's size and root hash. */
@Entity('audit_checkpoint')
export class AuditCheckpointRecord {
  @PrimaryColumn({ type: 'bigint', name: 'size', transformer: wholeNumber })
  size!: number;

  @Column({ type: 'bytea', name: 'root' })
  root!: Buffer;

  @Column({ type: 'text', name: 'note' })
  note!: string;

  @Column({ type: 'timestamptz', name: 'signed_at' })
  signedAt!: Date;
}
