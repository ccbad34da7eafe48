import { HttpClient } from '@angular/common/http';
import { Component, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { auditActions } from '@albumen/domain';
import { auditPage, auditProof, auditVerdict, type AuditVerdict } from '@albumen/contracts';
import { firstValueFrom } from 'rxjs';
import { More, Pages } from '../controls/pages';
import { Icon } from '../icons/icon';
import { AsWord } from '../language/as-word';
import { Formats } from '../language/formats';
import { Language } from '../language/language';
import { Notices } from '../problems/notices';
import { ProblemPanel } from '../problems/problem-panel';
import { Session } from '../session/session';

/** Who did what, and can it be proved? The journal with filter, before and after, proofs and a verdict over everything. */
@Component({
  selector: 'albumen-audit',
  imports: [RouterLink, AsWord, Icon, ProblemPanel, More],
  templateUrl: './audit.html',
  styleUrl: './audit.scss',
})
export class Audit {
  protected readonly t = inject(Language).t;
  protected readonly formats = inject(Formats);
  protected readonly session = inject(Session);
  private readonly http = inject(HttpClient);
  private readonly notices = inject(Notices);

  protected readonly actions = auditActions;
  protected readonly action = signal('');
  protected readonly actorId = signal('');
  protected readonly subjectId = signal('');
  protected readonly open = signal<number | null>(null);
  protected readonly verifying = signal(false);
  protected readonly verdict = signal<AuditVerdict | null>(null);

  protected readonly list = new Pages(
    () => ({ url: '/api/audit', params: this.query() }),
    (raw) => auditPage.parse(raw),
  );
  protected readonly first = this.list.first;
  protected readonly rows = this.list.rows;

  protected clear(): void {
    this.action.set('');
    this.actorId.set('');
    this.subjectId.set('');
  }

  protected json(value: unknown): string {
    return value === null || value === undefined ? '—' : JSON.stringify(value, null, 2);
  }

  protected async downloadProof(seq: number): Promise<void> {
    try {
      const proof = auditProof.parse(await firstValueFrom(this.http.get<unknown>(`/api/audit/${seq}/proof`)));
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([JSON.stringify(proof, null, 2)], { type: 'application/json' }));
      link.download = `albumen-proof-${seq}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } catch (fault) {
      this.notices.fail(fault);
    }
  }

  protected async verify(): Promise<void> {
    this.verifying.set(true);
    this.verdict.set(null);
    try {
      this.verdict.set(
        auditVerdict.parse(await firstValueFrom(this.http.post<unknown>('/api/audit/verification', null))),
      );
    } catch (fault) {
      this.notices.fail(fault);
    } finally {
      this.verifying.set(false);
    }
  }

  private query(): Record<string, string> {
    return {
      ...(this.action() ? { action: this.action() } : {}),
      ...(this.actorId() ? { actorId: this.actorId() } : {}),
      ...(this.subjectId() ? { subjectId: this.subjectId() } : {}),
    };
  }
}
