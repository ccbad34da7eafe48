import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DerivativeUse } from '@albumen/domain';
import { wholeNumber } from './whole-number.js';

/** Any file made from an original. `variant` tells several of one use apart. */
@Entity('derivative')
export class DerivativeRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({ type: 'uuid', name: 'original_id' })
  originalId!: string;

  @Column({ type: 'uuid', name: 'restoration_id', nullable: true })
  restorationId!: string | null;

  @Column({ type: 'text', name: 'use' })
  use!: DerivativeUse;

  @Column({ type: 'text', name: 'variant' })
  variant!: string;

  @Column({ type: 'text', name: 'storage_key' })
  storageKey!: string;

  @Column({ type: 'text', name: 'sha256' })
  sha256!: string;

  @Column({ type: 'bigint', name: 'bytes', transformer: wholeNumber })
  bytes!: number;

  @Column({ type: 'text', name: 'media_type' })
  mediaType!: string;

  @Column({ type: 'integer', name: 'width' })
  width!: number;

  @Column({ type: 'integer', name: 'height' })
  height!: number;

  @Column({ type: 'jsonb', name: 'facts' })
  facts!: Record<string, unknown>;

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;
}
