import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AcceptedMedia, Side } from '@albumen/domain';
import { wholeNumber } from './whole-number.js';

/** The bytes as received; the row never changes and is never deleted. */
@Entity('original')
export class OriginalRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({ type: 'uuid', name: 'item_id' })
  itemId!: string;

  @Column({ type: 'text', name: 'side' })
  side!: Side;

  @Column({ type: 'integer', name: 'position' })
  position!: number;

  @Column({ type: 'text', name: 'file_name' })
  fileName!: string;

  @Column({ type: 'text', name: 'media_type' })
  mediaType!: AcceptedMedia;

  @Column({ type: 'bigint', name: 'bytes', transformer: wholeNumber })
  bytes!: number;

  @Column({ type: 'text', name: 'sha256' })
  sha256!: string;

  @Column({ type: 'text', name: 'sha512' })
  sha512!: string;

  @Column({ type: 'text', name: 'storage_key' })
  storageKey!: string;

  @Column({ type: 'uuid', name: 'received_by' })
  receivedBy!: string;

  @Column({ type: 'timestamptz', name: 'received_at' })
  receivedAt!: Date;
}
