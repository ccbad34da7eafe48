import { HttpErrorResponse } from '@angular/common/http';
import { problem, type Problem } from '@albumen/contracts';
import { ZodError } from 'zod';

/** What a failure says to a person, in both languages, with its code where the server gave one. */
export interface Shown {
  readonly code: Problem['code'] | 'portal.offline' | 'portal.answer-unreadable' | 'portal.unexpected';
  readonly sentences: { readonly en: string; readonly vi: string };
  readonly details: Problem['details'];
}

/** Reads any failure: the server's own problem where there is one, else what the portal knows. It never hides one. */
export function shownOf(error: unknown): Shown {
  const cause = error instanceof Error && error.cause instanceof HttpErrorResponse ? error.cause : error;
  if (cause instanceof HttpErrorResponse) {
    const body: unknown = typeof cause.error === 'string' ? parseJson(cause.error) : cause.error;
    const told = problem.safeParse(body);
    if (told.success) return { code: told.data.code, sentences: told.data.sentences, details: told.data.details };
    if (cause.status === 0)
      return {
        code: 'portal.offline',
        sentences: {
          en: 'The server does not answer. Nothing was lost; check the connection and try again.',
          vi: 'Máy chủ không trả lời. Chưa có gì bị mất; hãy kiểm tra kết nối rồi thử lại.',
        },
        details: {},
      };
    if (cause.status >= 200 && cause.status < 300) return unreadable();
    return {
      code: 'portal.unexpected',
      sentences: {
        en: `The server answered with an error (${cause.status}). Nothing was lost; try again.`,
        vi: `Máy chủ trả lời với lỗi (${cause.status}). Chưa có gì bị mất; hãy thử lại.`,
      },
      details: {},
    };
  }
  if (cause instanceof ZodError) return unreadable();
  const detail = cause instanceof Error ? cause.message : String(cause);
  return {
    code: 'portal.unexpected',
    sentences: {
      en: `This did not work (${detail}). Nothing was lost; try again.`,
      vi: `Việc này chưa thực hiện được (${detail}). Chưa có gì bị mất; hãy thử lại.`,
    },
    details: {},
  };
}

function unreadable(): Shown {
  return {
    code: 'portal.answer-unreadable',
    sentences: {
      en: 'The server answered in a way this page does not understand. Reload the page; nothing was lost.',
      vi: 'Máy chủ trả lời theo cách trang này không hiểu. Hãy tải lại trang; chưa có gì bị mất.',
    },
    details: {},
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
