import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Job, JobName } from '@albumen/domain';
import { wholeNumber } from './whole-number.js';

/** A job that was decided in a transaction and waits to be handed to the queue. */
@Entity('outbox')
export class OutboxRecord {
  @PrimaryColumn({ type: 'uuid', name: 'id' })
  id!: string;

  @Column({
    type: 'bigint',
    name: 'position',
    generated: 'identity',
    insert: false,
    update: false,
    transformer: wholeNumber,
  })
  position!: number;

  @Column({ type: 'text', name: 'job' })
  job!: JobName;

  @Column({ type: 'jsonb', name: 'payload' })
  payload!: Job['payload'];

  @Column({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'relayed_at', nullable: true })
  relayedAt!: Date | null;
}
