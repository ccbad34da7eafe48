import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Acceptance, Operation } from '@albumen/domain';

/** A whole-picture step, with the word of a person on it. */
@Entity('restoration_layer')
export class LayerRecord {
  @PrimaryColumn({ type: 'uuid', name: 'restoration_id' })
  restorationId!: string;

  @PrimaryColumn({ type: 'text', name: 'operation' })
  operation!: Operation;

  @Column({ type: 'double precision', name: 'strength' })
  strength!: number;

  @Column({ type: 'double precision', name: 'accepted_strength' })
  acceptedStrength!: number;

  @Column({ type: 'double precision', name: 'mean_delta_e' })
  meanDeltaE!: number;

  @Column({ type: 'double precision', name: 'max_delta_e' })
  maxDeltaE!: number;

  @Column({ type: 'double precision', name: 'share_moved' })
  shareMoved!: number;

  @Column({ type: 'text', name: 'acceptance' })
  acceptance!: Acceptance;

  @Column({ type: 'uuid', name: 'decided_by', nullable: true })
  decidedBy!: string | null;

  @Column({ type: 'timestamptz', name: 'decided_at', nullable: true })
  decidedAt!: Date | null;
}
