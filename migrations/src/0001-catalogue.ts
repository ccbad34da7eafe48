import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The catalogue: people, collections, accessions, items, originals and what is made from them. */
export class Catalogue1700000000001 implements MigrationInterface {
  readonly name = 'Catalogue1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table person (
        id uuid primary key,
        subject text not null unique,
        name text not null,
        email text,
        created_at timestamptz not null
      );

      create table collection (
        id uuid primary key,
        parent_id uuid references collection (id),
        version integer not null default 1,
        title jsonb not null,
        description jsonb not null default '{}',
        reference_code text not null default '',
        rights text,
        treatment_level smallint not null default 1 check (treatment_level between 0 and 3),
        proposals text not null default 'automatic' check (proposals in ('automatic', 'on-request')),
        policy_set_by uuid references person (id),
        created_by uuid not null references person (id),
        created_at timestamptz not null
      );
      create index collection_parent on collection (parent_id);

      create table accession (
        id uuid primary key,
        collection_id uuid not null references collection (id),
        note text not null default '',
        door text not null check (door in ('web', 'command-line')),
        status text not null default 'receiving' check (status in ('receiving', 'closed', 'cancelled')),
        source text not null default '',
        idempotency_key text unique,
        created_by uuid not null references person (id),
        created_at timestamptz not null,
        closed_at timestamptz
      );
      create index accession_newest on accession (created_at desc, id desc);
      create index accession_collection on accession (collection_id);

      create table item (
        id uuid primary key,
        collection_id uuid not null references collection (id),
        accession_id uuid not null references accession (id),
        object_id text not null unique,
        ordinal integer not null,
        title jsonb not null default '{}',
        reference_code text not null default '',
        file_name text not null,
        description_version integer not null default 0,
        search text not null default '',
        created_at timestamptz not null
      );
      create unique index item_order on item (collection_id, ordinal);
      create index item_accession on item (accession_id);

      create table item_description (
        item_id uuid not null references item (id),
        version integer not null,
        body jsonb not null,
        saved_by uuid not null references person (id),
        saved_at timestamptz not null,
        primary key (item_id, version)
      );

      create table original (
        id uuid primary key,
        item_id uuid not null references item (id),
        side text not null default 'front' check (side in ('front', 'back', 'negative', 'detail')),
        position integer not null default 1,
        file_name text not null,
        media_type text not null,
        bytes bigint not null,
        sha256 text not null,
        sha512 text not null,
        storage_key text not null unique,
        received_by uuid not null references person (id),
        received_at timestamptz not null
      );
      create index original_item on original (item_id);
      create index original_digest on original (sha256);

      create table accession_file (
        id uuid primary key,
        accession_id uuid not null references accession (id),
        position integer not null,
        name text not null,
        path text not null,
        bytes bigint not null,
        future_item_id uuid not null,
        future_original_id uuid not null,
        outcome text not null default 'waiting' check (outcome in ('waiting', 'received', 'duplicate', 'refused')),
        reason_code text,
        reason_details jsonb not null default '{}',
        original_id uuid references original (id),
        item_id uuid references item (id),
        same_bytes_original_id uuid references original (id),
        sha256 text,
        outcome_at timestamptz,
        unique (accession_id, position)
      );
      create index accession_file_outcome on accession_file (accession_id, outcome, position);

      create table original_facts (
        original_id uuid primary key references original (id),
        width integer not null,
        height integer not null,
        depth smallint not null,
        bands smallint not null,
        colour_space text not null,
        profile text,
        dots_per_inch double precision,
        orientation smallint not null,
        pages integer not null,
        embedded jsonb not null default '{}',
        measured_at timestamptz not null
      );

      create table derivative (
        id uuid primary key,
        original_id uuid not null references original (id),
        restoration_id uuid,
        use text not null,
        variant text not null default '',
        storage_key text not null,
        sha256 text not null,
        bytes bigint not null,
        media_type text not null,
        width integer not null,
        height integer not null,
        facts jsonb not null default '{}',
        created_at timestamptz not null
      );
      create unique index derivative_one on derivative (original_id, coalesce(restoration_id, '00000000-0000-0000-0000-000000000000'::uuid), use, variant);

      create table processing (
        original_id uuid not null references original (id),
        step text not null check (step in ('characterise', 'derive', 'assess', 'restore', 'compose')),
        state text not null check (state in ('waiting', 'running', 'done', 'failed')),
        code text,
        detail text,
        attempts integer not null default 0,
        seconds double precision,
        changed_at timestamptz not null,
        primary key (original_id, step)
      );
      create index processing_state on processing (state, changed_at);

      create table damage_report (
        original_id uuid primary key references original (id),
        body jsonb not null,
        mask_derivative_id uuid not null references derivative (id),
        treatment_needed boolean,
        measured_at timestamptz not null
      );

      create table restoration (
        id uuid primary key,
        original_id uuid not null references original (id),
        item_id uuid not null references item (id),
        status text not null check (status in ('requested', 'running', 'proposed', 'approved', 'rejected', 'rework', 'failed', 'cancelled')),
        recipe jsonb not null,
        recipe_sha256 text not null,
        level smallint not null,
        automatic boolean not null,
        requested_by uuid not null references person (id),
        requested_with uuid[] not null default '{}',
        requested_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz,
        progress jsonb,
        numbers jsonb,
        failure_code text,
        failure_detail text,
        receipt text,
        receipt_signature text,
        composed jsonb,
        composed_at timestamptz,
        unique (original_id, recipe_sha256)
      );
      create index restoration_item on restoration (item_id);
      create index restoration_status on restoration (status, requested_at);
      alter table derivative add constraint derivative_restoration foreign key (restoration_id) references restoration (id);

      create table restoration_region (
        restoration_id uuid not null references restoration (id),
        ordinal integer not null,
        operation text not null,
        kind text not null,
        x integer not null, y integer not null, width integer not null, height integer not null,
        area integer not null,
        confidence double precision not null,
        mean_delta_e double precision not null,
        acceptance text not null default 'undecided' check (acceptance in ('undecided', 'accepted', 'rejected')),
        decided_by uuid references person (id),
        decided_at timestamptz,
        primary key (restoration_id, ordinal)
      );

      create table restoration_layer (
        restoration_id uuid not null references restoration (id),
        operation text not null,
        strength double precision not null,
        accepted_strength double precision not null,
        mean_delta_e double precision not null,
        max_delta_e double precision not null,
        share_moved double precision not null,
        acceptance text not null default 'undecided' check (acceptance in ('undecided', 'accepted', 'rejected')),
        decided_by uuid references person (id),
        decided_at timestamptz,
        primary key (restoration_id, operation)
      );

      create table review (
        id uuid primary key,
        restoration_id uuid not null unique references restoration (id),
        item_id uuid not null references item (id),
        collection_id uuid not null references collection (id),
        state text not null default 'open' check (state in ('open', 'approved', 'rejected', 'rework')),
        claimed_by uuid references person (id),
        claimed_until timestamptz,
        decided_by uuid references person (id),
        decided_at timestamptz,
        reason text,
        note text not null default '',
        created_at timestamptz not null
      );
      create index review_queue on review (state, created_at, id);
      create index review_collection on review (collection_id, state, created_at, id);
      create index review_item on review (item_id);

      create table publication (
        id uuid primary key,
        item_id uuid not null references item (id),
        number integer not null,
        restoration_id uuid references restoration (id),
        manifest_key text not null,
        manifest_sha256 text not null,
        manifest_bytes integer not null,
        view jsonb not null,
        published_by uuid not null references person (id),
        published_at timestamptz not null,
        withdrawn_by uuid references person (id),
        withdrawn_at timestamptz,
        withdrawal_reason text,
        unique (item_id, number)
      );
      create index publication_current on publication (item_id) where withdrawn_at is null;
      create index publication_newest on publication (published_at desc, id desc);
    `);

    await runner.query(`
      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception 'rows of % never change and are never deleted', tg_table_name using errcode = 'restrict_violation';
      end $$;
      create trigger original_never_changes before update or delete on original for each row execute function refuse_change();
      create trigger original_never_truncated before truncate on original for each statement execute function refuse_change();
      create trigger item_description_never_changes before update or delete on item_description for each row execute function refuse_change();

      create function refuse_second_outcome() returns trigger language plpgsql as $$
      begin
        if old.outcome <> 'waiting' then
          raise exception 'the outcome of an accession file stands for ever' using errcode = 'restrict_violation';
        end if;
        return new;
      end $$;
      create trigger accession_file_outcome_stands before update on accession_file for each row execute function refuse_second_outcome();
      create trigger accession_file_never_deleted before delete on accession_file for each row execute function refuse_change();
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore a backup instead.');
  }
}
