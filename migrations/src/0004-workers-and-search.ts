import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which workers are alive and how many restorations each runs at a time, for the queue's estimate; and indexes of three
 * letters for the searches. Where PostgreSQL does not offer pg_trgm, or does not allow it, searches read every row as before.
 */
export class WorkersAndSearch1700000000004 implements MigrationInterface {
  readonly name = 'WorkersAndSearch1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table worker_presence (
        id uuid primary key,
        slots integer not null check (slots > 0),
        seen_at timestamptz not null
      );

      do $$
      begin
        begin
          create extension if not exists pg_trgm;
        exception when insufficient_privilege or undefined_file or feature_not_supported then
          raise warning 'pg_trgm is not available: searches will read every row';
        end;
        if exists (select from pg_extension where extname = 'pg_trgm') then
          create index item_search on item using gin (search gin_trgm_ops);
          create index publication_search on publication using gin ((view->>'search') gin_trgm_ops);
        end if;
      end $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup instead.');
  }
}
