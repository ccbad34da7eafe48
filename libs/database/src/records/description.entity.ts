import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Description } from '@albumen/domain';

/** One saved version of a description; never changes. */
@Entity('item_description')
export class DescriptionRecord {
  @PrimaryColumn({ type: 'uuid', name: 'item_id' })
  itemId!: string;

  @PrimaryColumn({ type: 'integer', name: 'version' })
  version!: number;

  @Column({ type: 'jsonb', name: 'body' })
  body!: Description;

  @Column({ type: 'uuid', name: 'saved_by' })
  savedBy!: string;

  @Column({ type: 'timestamptz', name: 'saved_at' })
  savedAt!: Date;
}
