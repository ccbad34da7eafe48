import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DamageReport } from '@albumen/domain';

/** What was measured on an original; `treatmentNeeded` is null until a recipe was considered. */
@Entity('damage_report')
export class DamageReportRecord {
  @PrimaryColumn({ type: 'uuid', name: 'original_id' })
  originalId!: string;

  @Column({ type: 'jsonb', name: 'body' })
  body!: DamageReport;

  @Column({ type: 'uuid', name: 'mask_derivative_id' })
  maskDerivativeId!: string;

  @Column({ type: 'boolean', name: 'treatment_needed', nullable: true })
  treatmentNeeded!: boolean | null;

  @Column({ type: 'timestamptz', name: 'measured_at' })
  measuredAt!: Date;
}
