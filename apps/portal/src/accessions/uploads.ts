import { Injectable, inject, signal } from '@angular/core';
import { Upload } from 'tus-js-client';
import { Session } from '../session/session';

/** How many files are sent at the same time. */
const parallel = 3;

/** Where one file stands on its way to the server. */
export interface Sending {
  readonly fileId: string;
  readonly accessionId: string;
  readonly bytes: number;
  readonly sent: number;
  readonly state: 'queued' | 'sending' | 'paused' | 'arrived' | 'failed';
  /** Why it was cut off, in the words of the connection. */
  readonly reason: string;
}

interface Waiting {
  readonly file: File;
  upload?: Upload;
}

/**
 * Sends files by resumable uploads (tus), three at a time, whatever page is open. A cut is resumed where it stopped, also
 * after a reload: the fingerprint is the accession's file id, so choosing the same file again goes on.
 */
@Injectable({ providedIn: 'root' })
export class Uploads {
  private readonly session = inject(Session);
  private readonly waiting = new Map<string, Waiting>();
  private readonly rows = signal<ReadonlyMap<string, Sending>>(new Map());
  readonly progress = this.rows.asReadonly();
  readonly paused = signal(false);
  /** Counts arrivals: pages that show outcomes ask again when it moves. */
  readonly arrivals = signal(0);
  /** Bytes a second, smoothed over the last reports; 0 while nothing moves. */
  readonly rate = signal(0);
  private lastReport = { at: 0, bytes: 0 };

  constructor() {
    addEventListener('beforeunload', (event) => {
      if (this.active() > 0) event.preventDefault();
    });
  }

  /** Takes a file on its way; one that is already on its way stays as it is. */
  add(accessionId: string, fileId: string, file: File): void {
    const row = this.rows().get(fileId);
    if (row && row.state !== 'failed' && row.state !== 'arrived') return;
    this.waiting.set(fileId, { file });
    this.put({ fileId, accessionId, bytes: file.size, sent: 0, state: 'queued', reason: '' });
    this.pump();
  }

  /** Files of one accession that are on their way or wait for their turn. */
  pendingOf(accessionId: string): readonly Sending[] {
    return [...this.rows().values()].filter((row) => row.accessionId === accessionId && row.state !== 'arrived');
  }

  pause(): void {
    this.paused.set(true);
    for (const [fileId, entry] of this.waiting) {
      const row = this.rows().get(fileId);
      if (!entry.upload || row?.state !== 'sending') continue;
      void entry.upload.abort();
      this.change(fileId, { state: 'paused' });
    }
  }

  resume(): void {
    this.paused.set(false);
    for (const row of this.rows().values())
      if (row.state === 'paused' || row.state === 'failed') this.change(row.fileId, { state: 'queued', reason: '' });
    this.pump();
  }

  /** Stops and forgets what has not arrived of one accession; the server's staging is told where it answers. */
  async stop(accessionId: string): Promise<void> {
    for (const row of this.pendingOf(accessionId)) {
      const upload = this.waiting.get(row.fileId)?.upload;
      this.waiting.delete(row.fileId);
      this.rows.update((rows) => new Map([...rows].filter(([id]) => id !== row.fileId)));
      await upload
        ?.abort(true)
        .catch((fault: unknown) => console.warn('An upload could not be ended on the server', fault));
    }
    this.pump();
  }

  private active(): number {
    return [...this.rows().values()].filter((row) => row.state === 'sending' || row.state === 'queued').length;
  }

  private pump(): void {
    if (this.paused()) return;
    let busy = [...this.rows().values()].filter((row) => row.state === 'sending').length;
    for (const row of this.rows().values()) {
      if (busy >= parallel) return;
      if (row.state !== 'queued') continue;
      busy += 1;
      this.send(row);
    }
  }

  private send(row: Sending): void {
    const entry = this.waiting.get(row.fileId);
    if (!entry) return;
    this.change(row.fileId, { state: 'sending' });
    const upload = new Upload(entry.file, {
      endpoint: '/api/uploads',
      metadata: { fileId: row.fileId, filename: entry.file.name },
      chunkSize: 16 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 10_000, 30_000],
      fingerprint: () => Promise.resolve(`albumen-${row.fileId}`),
      removeFingerprintOnSuccess: true,
      onBeforeRequest: (request) => {
        const token = this.session.token();
        if (token) request.setHeader('Authorization', `Bearer ${token}`);
      },
      onShouldRetry: (fault) => {
        const status = fault.originalResponse?.getStatus() ?? 0;
        return status === 0 || status >= 500 || status === 409 || status === 423;
      },
      onProgress: (sent) => {
        this.change(row.fileId, { sent });
        this.measure();
      },
      onSuccess: () => {
        this.waiting.delete(row.fileId);
        this.change(row.fileId, { state: 'arrived', sent: row.bytes });
        this.arrivals.update((count) => count + 1);
        this.pump();
      },
      onError: (fault) => {
        if ('originalResponse' in fault && fault.originalResponse?.getStatus() === 401) this.session.expired.set(true);
        this.change(row.fileId, { state: 'failed', reason: reasonOf(fault) });
        this.arrivals.update((count) => count + 1);
        this.pump();
      },
    });
    entry.upload = upload;
    upload
      .findPreviousUploads()
      .then((previous) => {
        const last = previous[0];
        if (last) upload.resumeFromPreviousUpload(last);
        upload.start();
      })
      .catch((fault: unknown) => this.change(row.fileId, { state: 'failed', reason: String(fault) }));
  }

  private measure(): void {
    const now = performance.now();
    if (now - this.lastReport.at < 1000) return;
    const bytes = [...this.rows().values()].reduce((sum, row) => sum + row.sent, 0);
    if (this.lastReport.at > 0 && now - this.lastReport.at < 10_000) {
      const rate = (Math.max(0, bytes - this.lastReport.bytes) / (now - this.lastReport.at)) * 1000;
      this.rate.update((old) => (old === 0 ? rate : old * 0.7 + rate * 0.3));
    }
    this.lastReport = { at: now, bytes };
  }

  private put(row: Sending): void {
    this.rows.update((rows) => new Map(rows).set(row.fileId, row));
  }

  private change(fileId: string, change: Partial<Sending>): void {
    const row = this.rows().get(fileId);
    if (row) this.put({ ...row, ...change });
  }
}

/** The server's own sentence where the answer holds one, else the connection's words. */
function reasonOf(fault: Error): string {
  const response =
    'originalResponse' in fault ? (fault as { originalResponse: { getBody(): string } | null }).originalResponse : null;
  if (!response) return fault.message.split(',')[0] ?? fault.message;
  try {
    const body = JSON.parse(response.getBody()) as { detail?: unknown };
    return typeof body.detail === 'string' ? body.detail : fault.message;
  } catch {
    return response.getBody() || fault.message;
  }
}
