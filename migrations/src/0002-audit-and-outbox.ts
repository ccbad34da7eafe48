import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log (insert only), its signed checkpoints, and the outbox of jobs. */
export class AuditAndOutbox1700000000002 implements MigrationInterface {
  readonly name = 'AuditAndOutbox1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audit_entry (
        seq bigint primary key,
        at timestamptz not null,
        actor_kind text not null,
        actor_id text not null,
        door text,
        software_name text not null,
        software_version text not null,
        action text not null,
        subject_type text not null,
        subject_id text not null,
        item_id uuid,
        before jsonb,
        after jsonb,
        leaf_hash bytea not null
      );
      create index audit_entry_item on audit_entry (item_id, seq) where item_id is not null;
      create index audit_entry_subject on audit_entry (subject_id, seq);
      create index audit_entry_action on audit_entry (action, seq);
      create index audit_entry_actor on audit_entry (actor_id, seq);
      create trigger audit_entry_never_changes before update or delete on audit_entry for each row execute function refuse_change();
      create trigger audit_entry_never_truncated before truncate on audit_entry for each statement execute function refuse_change();

      create table audit_checkpoint (
        size bigint primary key,
        root bytea not null,
        note text not null,
        signed_at timestamptz not null
      );
      create trigger audit_checkpoint_never_changes before update or delete on audit_checkpoint for each row execute function refuse_change();

      create table outbox (
        id uuid primary key,
        position bigint generated always as identity,
        job text not null,
        payload jsonb not null,
        created_at timestamptz not null,
        relayed_at timestamptz
      );
      create index outbox_waiting on outbox (position) where relayed_at is null;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup instead.');
  }
}
