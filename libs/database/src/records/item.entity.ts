import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LocalText } from '@albumen/domain';

/** The photograph as catalogued. `search` is folded text (see `foldForSearch`). */
@Entity('item')
export class ItemRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({ type: 'uuid', name: 'collection_id' })
  collectionId!: string;

  @Column({ type: 'uuid', name: 'accession_id' })
  accessionId!: string;

  @Column({ type: 'text', name: 'object_id' })
  objectId!: string;

  @Column({ type: 'integer', name: 'ordinal' })
  ordinal!: number;

  @Column({ type: 'jsonb', name: 'title' })
  title!: LocalText;

  @Column({ type: 'text', name: 'reference_code' })
  referenceCode!: string;

  @Column({ type: 'text', name: 'file_name' })
  fileName!: string;

  @Column({ type: 'integer', name: 'description_version' })
  descriptionVersion!: number;

  @Column({ type: 'text', name: 'search' })
  search!: string;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
