import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ErrorCode, ProcessingState, ProcessingStep } from '@albumen/domain';

/** Where one original stands in one step of its processing. */
@Entity('processing')
export class ProcessingRecord {
  @PrimaryColumn({ type: 'uuid', name: 'original_id' })
  originalId!: string;

  @PrimaryColumn({ type: 'text', name: 'step' })
  step!: ProcessingStep;

  @Column({ type: 'text', name: 'state' })
  state!: ProcessingState;

  @Column({ type: 'text', name: 'code', nullable: true })
  code!: ErrorCode | null;

  @Column({ type: 'text', name: 'detail', nullable: true })
  detail!: string | null;

  @Column({ type: 'integer', name: 'attempts' })
  attempts!: number;

  @Column({ type: 'double precision', name: 'seconds', nullable: true })
  seconds!: number | null;

  @Column({ type: 'timestamptz', name: 'changed_at' })
  changedAt!: Date;
}
