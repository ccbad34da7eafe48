import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What characterisation found; width and height are after orientation. */
@Entity('original_facts')
export class OriginalFactsRecord {
  @PrimaryColumn({ type: 'uuid', name: 'original_id' })
  originalId!: string;

  @Column({ type: 'integer', name: 'width' })
  width!: number;

  @Column({ type: 'integer', name: 'height' })
  height!: number;

  @Column({ type: 'smallint', name: 'depth' })
  depth!: number;

  @Column({ type: 'smallint', name: 'bands' })
  bands!: number;

  @Column({ type: 'text', name: 'colour_space' })
  colourSpace!: string;

  @Column({ type: 'text', name: 'profile', nullable: true })
  profile!: string | null;

  @Column({ type: 'double precision', name: 'dots_per_inch', nullable: true })
  dotsPerInch!: number | null;

  @Column({ type: 'smallint', name: 'orientation' })
  orientation!: number;

  @Column({ type: 'integer', name: 'pages' })
  pages!: number;

  @Column({ type: 'jsonb', name: 'embedded' })
  embedded!: Record<string, unknown>;

  @Column({ type: 'timestamptz', name: 'measured_at' })
  measuredAt!: Date;
}
