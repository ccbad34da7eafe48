import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TreatmentLevel } from '@albumen/domain';
import type { Call } from '../command.js';
import { CommandFault, exitCodes, systemCode } from '../command-fault.js';
import { readAcceptances, recordFolder, writeAcceptance, type AcceptanceEntry } from './acceptance-record.js';

/** What is to become of a model. */
export interface ModelMove {
  readonly shelf: string;
  readonly id: string;
  readonly version: string | undefined;
  /** The account, or without a server the name, of the person. */
  readonly by: string;
  /** Null: it is removed. */
  readonly terms: { readonly licence: string; readonly level: TreatmentLevel } | null;
}

/** What became of it, and where that is written down. */
export interface MoveRecorded {
  readonly id: string;
  readonly version: string;
  readonly state: string;
  readonly by: string;
  readonly recordedIn: 'audit-log' | 'acceptance-record';
  /** Its number in the acceptance record. */
  readonly entry?: number;
  readonly words: string;
}

/** True where that shelf belongs to a server: its audit log then says who accepts and removes. */
export function isOfServer({ config }: Call, shelf: string): boolean {
  const known = config.databaseUrl !== undefined || existsSync(join(config.data, 'postgres'));
  return known && placeOf(shelf) === placeOf(config.ownModels);
}

/**
 * Accepts or removes a model for a named person. On the shelf of a server it is the same use case as the portal's, with
 * its audit entry; on any other shelf it stands in the shelf's own signed record. Refuses what the moves refuse.
 */
export async function moveModel(call: Call, move: ModelMove): Promise<MoveRecorded> {
  if (!isOfServer(call, move.shelf)) return moveOnShelf(call, move);
  const { moveOnServer } = await import('./move-on-server.js');
  return moveOnServer(call, move);
}

async function moveOnShelf({ config }: Call, move: ModelMove): Promise<MoveRecorded> {
  const { modelIntake, openReceiptKey, receipts } = await import('@albumen/runtime');
  const { shelf, id, version, terms } = move;
  const by = move.by.normalize('NFC').trim();
  const record = await readAcceptances(shelf, receipts);
  const place = join(shelf, recordFolder);
  if (record.fault !== null)
    throw new CommandFault(
      exitCodes.foundFault,
      `The acceptance record in ${place} does not hold (${record.fault}), so nothing was changed. Compare it with a copy.`,
    );
  const path = join(config.settings, 'receipt.key');
  const key = await openReceiptKey(path, 'albumen-restore').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFault(exitCodes.cannotStart, `The key ${path}, which signs the record, cannot be used: ${why}.`);
  });
  let entry: AcceptanceEntry | undefined;
  const action = terms === null ? 'model.removed' : 'model.accepted';
  const write = async (report: Parameters<typeof writeAcceptance>[3]['report']): Promise<void> => {
    entry = await writeAcceptance(shelf, record, key, { by, action, report }).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
      throw new CommandFault(
        exitCodes.refused,
        `Somebody else accepted or removed a model on this shelf in the same moment, so nothing was changed for ${id}. Look with "albumen models list" and try again.`,
      );
    });
  };
  const report =
    terms === null
      ? await modelIntake.remove(shelf, id, version, write)
      : await modelIntake.accept(
          shelf,
          id,
          { ...terms, ...(version === undefined ? {} : { modelVersion: version }) },
          write,
        );
  return {
    id,
    version: report.modelVersion,
    state: report.state,
    by,
    recordedIn: 'acceptance-record',
    ...(entry === undefined ? {} : { entry: entry.number }),
    words: `No server looks after this shelf: that it was done, and by ${by}, stands signed in ${place} (entry ${entry?.number}) and in no audit log.`,
  };
}

function placeOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}
