import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Acceptance, Operation, RegionKind } from '@albumen/domain';

/** A connected area that a local step changed, with the word of a person on it. */
@Entity('restoration_region')
export class RegionRecord {
  @PrimaryColumn({ type: 'uuid', name: 'restoration_id' })
  restorationId!: string;

  @PrimaryColumn({ type: 'integer', name: 'ordinal' })
  ordinal!: number;

  @Column({ type: 'text', name: 'operation' })
  operation!: Operation;

  @Column({ type: 'text', name: 'kind' })
  kind!: RegionKind;

  @Column({ type: 'integer', name: 'x' })
  x!: number;

  @Column({ type: 'integer', name: 'y' })
  y!: number;

  @Column({ type: 'integer', name: 'width' })
  width!: number;

  @Column({ type: 'integer', name: 'height' })
  height!: number;

  @Column({ type: 'integer', name: 'area' })
  area!: number;

  @Column({ type: 'double precision', name: 'confidence' })
  confidence!: number;

  @Column({ type: 'double precision', name: 'mean_delta_e' })
  meanDeltaE!: number;

  @Column({ type: 'text', name: 'acceptance' })
  acceptance!: Acceptance;

  @Column({ type: 'uuid', name: 'decided_by', nullable: true })
  decidedBy!: string | null;

  @Column({ type: 'timestamptz', name: 'decided_at', nullable: true })
  decidedAt!: Date | null;
}
