import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a collection proposes by itself (preset, floor of the grain), signed receipts of composites, pictures of
 * combinations that somebody asked to see, and the indexes that the restoration queue's estimate reads.
 */
export class PresetsAndPreviews1700000000003 implements MigrationInterface {
  readonly name = 'PresetsAndPreviews1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table collection
        add column preset text check (preset in ('faithful', 'repair', 'reconstruct', 'interpret')),
        add column grain_floor double precision check (grain_floor between 0 and 1);
      update collection set preset = (array['faithful', 'repair', 'reconstruct', 'interpret'])[treatment_level + 1];
      alter table collection alter column preset set not null;
      alter table collection add constraint collection_preset_within_level check (
        array_position(array['faithful', 'repair', 'reconstruct', 'interpret'], preset) - 1 <= treatment_level);

      alter table restoration
        add column composed_receipt text,
        add column composed_receipt_signature text;
      create index restoration_finished on restoration (finished_at desc) where finished_at is not null;

      create table restoration_preview (
        restoration_id uuid not null references restoration (id),
        accepted_sha256 text not null,
        accepted jsonb not null,
        state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
        progress jsonb,
        numbers jsonb,
        receipt jsonb,
        failure_code text,
        failure_detail text,
        requested_by uuid not null references person (id),
        requested_at timestamptz not null,
        made_at timestamptz,
        primary key (restoration_id, accepted_sha256)
      );
      create index restoration_preview_waiting on restoration_preview (restoration_id, requested_at) where state = 'waiting';
      create index derivative_storage_key on derivative (storage_key);
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup instead.');
  }
}
