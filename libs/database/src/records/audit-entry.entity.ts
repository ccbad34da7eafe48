import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Actor, AuditAction, SubjectType } from '@albumen/domain';
import { wholeNumber } from './whole-number.js';

/** A row of the audit log; insert only. `leafHash` is the RFC 6962 hash of its canonical leaf. */
@Entity('audit_entry')
export class AuditEntryRecord {
  @PrimaryColumn({ type: 'bigint', name: 'seq', transformer: wholeNumber })
  seq!: number;

  @Column({ type: 'timestamptz', name: 'at' })
  at!: Date;

  @Column({ type: 'text', name: 'actor_kind' })
  actorKind!: Actor['kind'];

  @Column({ type: 'text', name: 'actor_id' })
  actorId!: string;

  @Column({ type: 'text', name: 'door', nullable: true })
  door!: string | null;

  @Column({ type: 'text', name: 'software_name' })
  softwareName!: string;

  @Column({ type: 'text', name: 'software_version' })
  softwareVersion!: string;

  @Column({ type: 'text', name: 'action' })
  action!: AuditAction;

  @Column({ type: 'text', name: 'subject_type' })
  subjectType!: SubjectType;

  @Column({ type: 'text', name: 'subject_id' })
  subjectId!: string;

  @Column({ type: 'uuid', name: 'item_id', nullable: true })
  itemId!: string | null;

  @Column({ type: 'jsonb', name: 'before', nullable: true })
  before!: unknown;

  @Column({ type: 'jsonb', name: 'after', nullable: true })
  after!: unknown;

  @Column({ type: 'bytea', name: 'leaf_hash' })
  leafHash!: Buffer;
}
