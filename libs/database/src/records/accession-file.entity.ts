import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ErrorCode, ErrorDetails, FileOutcome } from '@albumen/domain';
import { wholeNumber } from './whole-number.js';

/** One file of an accession with its outcome, which stands for ever once it is no longer `waiting`. */
@Entity('accession_file')
export class AccessionFileRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({ type: 'uuid', name: 'accession_id' })
  accessionId!: string;

  @Column({ type: 'integer', name: 'position' })
  position!: number;

  @Column({ type: 'text', name: 'name' })
  name!: string;

  @Column({ type: 'text', name: 'path' })
  path!: string;

  @Column({ type: 'bigint', name: 'bytes', transformer: wholeNumber })
  bytes!: number;

  @Column({ type: 'uuid', name: 'future_item_id' })
  futureItemId!: string;

  @Column({ type: 'uuid', name: 'future_original_id' })
  futureOriginalId!: string;

  @Column({ type: 'text', name: 'outcome' })
  outcome!: FileOutcome;

  @Column({ type: 'text', name: 'reason_code', nullable: true })
  reasonCode!: ErrorCode | null;

  @Column({ type: 'jsonb', name: 'reason_details' })
  reasonDetails!: ErrorDetails;

  @Column({ type: 'uuid', name: 'original_id', nullable: true })
  originalId!: string | null;

  @Column({ type: 'uuid', name: 'item_id', nullable: true })
  itemId!: string | null;

  @Column({ type: 'uuid', name: 'same_bytes_original_id', nullable: true })
  sameBytesOriginalId!: string | null;

  @Column({ type: 'text', name: 'sha256', nullable: true })
  sha256!: string | null;

  @Column({ type: 'timestamptz', name: 'outcome_at', nullable: true })
  outcomeAt!: Date | null;
}
