import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LocalText, PresetName, TreatmentLevel } from '@albumen/domain';

/** A fonds, series or album; a tree; carries policy. */
@Entity('collection')
export class CollectionRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({ type: 'uuid', name: 'parent_id', nullable: true })
  parentId!: string | null;

  @Column({ type: 'integer', name: 'version' })
  version!: number;

  @Column({ type: 'jsonb', name: 'title' })
  title!: LocalText;

  @Column({ type: 'jsonb', name: 'description' })
  description!: LocalText;

  @Column({ type: 'text', name: 'reference_code' })
  referenceCode!: string;

  @Column({ type: 'text', name: 'rights', nullable: true })
  rights!: string | null;

  @Column({ type: 'smallint', name: 'treatment_level' })
  treatmentLevel!: TreatmentLevel;

  @Column({ type: 'text', name: 'proposals' })
  proposals!: 'automatic' | 'on-request';

  /** What is proposed by itself; never above the treatment level. */
  @Column({ type: 'text', name: 'preset' })
  preset!: PresetName;

  /** Least share of the grain to be kept, 0..1; null: the preset's own. */
  @Column({ type: 'double precision', name: 'grain_floor', nullable: true })
  grainFloor!: number | null;

  @Column({ type: 'uuid', name: 'policy_set_by', nullable: true })
  policySetBy!: string | null;

  @Column({ type: 'uuid', name: 'created_by' })
  createdBy!: string;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
