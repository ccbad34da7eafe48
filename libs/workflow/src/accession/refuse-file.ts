import { AccessionFileRecord, NothingToChange } from '@albumen/database';
import { requirePermission, type Actor, type Refusal } from '@albumen/domain';
import type { Workbench } from '../workbench.js';
import { lockFile, standingAnswer, type FileAnswer } from './file-outcome.js';

/** Writes down for ever that a file was not taken in, and why. The rest of the accession goes on. */
export class RefuseFile {
  constructor(private readonly bench: Workbench) {}

  /** Answers the outcome that stands; one that stood before is not changed. Errors: `accession.file-not-found`. */
  async execute(
    actor: Actor,
    fileId: string,
    refusal: Refusal,
    known: { readonly sha256?: string } = {},
  ): Promise<FileAnswer> {
    const person = requirePermission(actor, 'accession.create');
    return this.bench.database.change(person, async ({ manager, now, record }) => {
      const file = await lockFile(manager, fileId);
      const standing = await standingAnswer(manager, file);
      if (standing) throw new NothingToChange(standing);
      await manager.update(
        AccessionFileRecord,
        { id: fileId },
        {
          outcome: 'refused',
          reasonCode: refusal.code,
          reasonDetails: refusal.details as never,
          sha256: known.sha256 ?? null,
          outcomeAt: now,
        },
      );
      record({
        action: 'file.refused',
        subject: fileId,
        after: {
          accessionId: file.accessionId,
          code: refusal.code,
          details: refusal.details,
          ...(known.sha256 ? { sha256: known.sha256 } : {}),
        },
      });
      const reason = { code: refusal.code, details: refusal.details };
      const nothing = { itemId: null, originalId: null, sameBytesAs: null };
      return { fileId, outcome: 'refused' as const, reason, ...nothing, repeated: false };
    });
  }
}
