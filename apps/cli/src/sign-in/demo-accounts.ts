import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from '@albumen/domain';

/** One of the five accounts of the local sign-in. The subject is a pseudonymous id that never changes. */
export interface DemoAccount {
  readonly username: string;
  readonly subject: string;
  readonly name: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly does: { readonly en: string; readonly vi: string };
}

/** The password of every demo account: the local sign-in is for trying Albumen out, on the loopback only. */
export const demoPassword = 'albumen';

/** The accounts that `albumen up` prints and its sign-in page lists. */
export const demoAccounts: readonly DemoAccount[] = [
  account('operator', '5b0f6c1e-6a57-4b39-9d0e-0b1f3c5d7a01', 'Phạm', 'Hòa', ['operator'], {
    en: 'brings photographs in and describes them',
    vi: 'đưa ảnh vào kho và mô tả',
  }),
  account('curator', '5b0f6c1e-6a57-4b39-9d0e-0b1f3c5d7a02', 'Nguyễn Thị', 'Lan', ['curator'], {
    en: 'describes, reviews restorations, publishes',
    vi: 'mô tả, thẩm định bản phục chế, công bố',
  }),
  account('reviewer', '5b0f6c1e-6a57-4b39-9d0e-0b1f3c5d7a03', 'Trần', 'Minh', ['curator'], {
    en: 'second curator: reviews what the first one brought in',
    vi: 'người thẩm định thứ hai',
  }),
  account('archivist', '5b0f6c1e-6a57-4b39-9d0e-0b1f3c5d7a04', 'Đỗ Thu', 'Hà', ['archivist'], {
    en: 'keeps the originals, reads and proves the audit log',
    vi: 'giữ bản gốc, đọc và kiểm chứng nhật ký',
  }),
  account('administrator', '5b0f6c1e-6a57-4b39-9d0e-0b1f3c5d7a05', 'Lê', 'Quang', ['administrator'], {
    en: 'looks after the installation; may do everything',
    vi: 'quản trị hệ thống; được làm mọi việc',
  }),
];

function account(
  username: string,
  subject: string,
  familyName: string,
  givenName: string,
  roles: readonly Role[],
  does: DemoAccount['does'],
): DemoAccount {
  const name = `${familyName} ${givenName}`;
  return { username, subject, name, givenName, familyName, email: `${username}@albumen.example`, roles, does };
}

/** The account of that name, or undefined. */
export function findAccount(username: string): DemoAccount | undefined {
  return demoAccounts.find((candidate) => candidate.username === username.trim().toLowerCase());
}

/** The account of that subject, or undefined. */
export function findSubject(subject: string): DemoAccount | undefined {
  return demoAccounts.find((candidate) => candidate.subject === subject);
}

/** The account where name and password fit, or undefined. Compares in constant time. */
export function checkPassword(username: string, password: string): DemoAccount | undefined {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const fits = timingSafeEqual(digest(password), digest(demoPassword));
  return fits ? findAccount(username) : undefined;
}

/** The claims of an account as a Keycloak realm writes them into its tokens. */
export function accountClaims(account: DemoAccount): Record<string, unknown> {
  return {
    sub: account.subject,
    preferred_username: account.username,
    name: account.name,
    given_name: account.givenName,
    family_name: account.familyName,
    email: account.email,
    email_verified: true,
    realm_access: { roles: account.roles },
  };
}
