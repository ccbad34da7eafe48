import { demoAccounts, demoPassword } from './demo-accounts.js';

export type PageLanguage = 'en' | 'vi';

const words = {
  en: {
    title: 'Sign in',
    lead: 'Local sign-in of this computer',
    demo: 'Demo accounts, to try Albumen out. Choose one; the password of all is',
    never: 'Not for a real collection: connect Keycloak there.',
    own: 'With name and password',
    username: 'Account',
    password: 'Password',
    enter: 'Sign in',
    fault: 'Account and password do not fit. Nothing was lost; try again.',
    leave: 'Sign out',
    leaving: 'Do you want to sign out?',
    stay: 'Stay signed in',
    left: 'You are signed out.',
    back: 'Back to Albumen',
    broken: 'This sign-in cannot go on',
    expired: 'This page is too old or was opened in another browser. Start again from Albumen; nothing was lost.',
    other: 'Tiếng Việt',
  },
  vi: {
    title: 'Đăng nhập',
    lead: 'Đăng nhập cục bộ trên máy này',
    demo: 'Tài khoản dùng thử. Hãy chọn một; mật khẩu chung là',
    never: 'Không dùng cho bộ sưu tập thật: khi đó hãy nối với Keycloak.',
    own: 'Bằng tên và mật khẩu',
    username: 'Tài khoản',
    password: 'Mật khẩu',
    enter: 'Đăng nhập',
    fault: 'Tài khoản và mật khẩu không khớp. Chưa có gì bị mất; hãy thử lại.',
    leave: 'Đăng xuất',
    leaving: 'Bạn muốn đăng xuất?',
    stay: 'Ở lại',
    left: 'Bạn đã đăng xuất.',
    back: 'Trở lại Albumen',
    broken: 'Không thể tiếp tục đăng nhập',
    expired: 'Trang này đã cũ hoặc được mở ở trình duyệt khác. Hãy bắt đầu lại từ Albumen; chưa có gì bị mất.',
    other: 'English',
  },
} as const;

/** The page that lists the demo accounts, each a button, with a form for name and password below. Works without script. */
export function signInPage(page: {
  readonly action: string;
  readonly language: PageLanguage;
  readonly fault: boolean;
  readonly back: string;
}): string {
  const say = words[page.language];
  const other = page.language === 'en' ? 'vi' : 'en';
  const action = escaped(page.action);
  const buttons = demoAccounts
    .map(
      (account) => `<li><form method="post" action="${action}?lang=${page.language}">
<input type="hidden" name="username" value="${account.username}">
<input type="hidden" name="password" value="${demoPassword}">
<button class="account" type="submit"><span class="name">${escaped(account.name)}</span>
<span class="role">${account.username}</span><span class="does">${escaped(account.does[page.language])}</span></button>
</form></li>`,
    )
    .join('\n');
  return layout(
    page.language,
    say.title,
    `<p class="lead">${say.lead} · <a href="${action}?lang=${other}" hreflang="${other}" lang="${other}">${say.other}</a></p>
${page.fault ? `<p class="fault" role="alert">${say.fault}</p>` : ''}
<p>${say.demo} <code>${demoPassword}</code>. ${say.never}</p>
<ul class="accounts">${buttons}</ul>
<details${page.fault ? ' open' : ''}><summary>${say.own}</summary>
<form method="post" action="${action}?lang=${page.language}">
<label>${say.username}<input name="username" autocomplete="username" autocapitalize="none" required></label>
<label>${say.password}<input name="password" type="password" autocomplete="current-password" required></label>
<button class="main" type="submit">${say.enter}</button></form></details>
<p class="foot"><a href="${escaped(page.back)}">${say.back}</a></p>`,
  );
}

/** Asks before signing out; `form` is the hidden form that oidc-provider made, with the id `op.logoutForm`. */
export function signOutPage(form: string, language: PageLanguage): string {
  const say = words[language];
  return layout(
    language,
    say.leaving,
    `${form}<p><button class="main" type="submit" form="op.logoutForm" name="logout" value="yes">${say.leave}</button>
<button type="submit" form="op.logoutForm">${say.stay}</button></p>`,
  );
}

/** Shown after signing out where no address to go back to was given. */
export function signedOutPage(back: string, language: PageLanguage): string {
  const say = words[language];
  return layout(language, say.left, `<p><a href="${escaped(back)}">${say.back}</a></p>`);
}

/** Says why the sign-in cannot go on; `expired` has a sentence of its own. */
export function faultPage(detail: string, back: string, language: PageLanguage): string {
  const say = words[language];
  const sentence = detail === 'expired' ? say.expired : detail;
  return layout(
    language,
    say.broken,
    `<p class="fault">${escaped(sentence)}</p><p><a href="${escaped(back)}">${say.back}</a></p>`,
  );
}

function layout(language: PageLanguage, title: string, body: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title} · Albumen</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<style>${style}</style></head><body><main><p class="brand">Albumen</p><h1>${title}</h1>${body}</main></body></html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const style = `
:root{color-scheme:light dark;--paper:#faf8f4;--ink:#1c1a17;--soft:#5c574e;--line:#d9d3c7;--accent:#2b4c7e;--field:#fff;--bad:#9c2b2b}
@media (prefers-color-scheme:dark){:root{--paper:#181715;--ink:#f1eee8;--soft:#b6b0a5;--line:#3d3a35;--accent:#9db8e0;--field:#211f1c;--bad:#f0a3a3}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 "Be Vietnam Pro",system-ui,"Segoe UI",Roboto,sans-serif}
main{max-width:34rem;margin:0 auto;padding:48px 16px 64px}.brand{margin:0;font-weight:600;letter-spacing:.02em;color:var(--accent)}
h1{margin:4px 0 8px;font:500 34px/1.3 Literata,Georgia,"Times New Roman",serif}.lead,.foot{color:var(--soft)}
a{color:var(--accent)}code{font-family:"JetBrains Mono",ui-monospace,monospace;padding:1px 6px;border:1px solid var(--line);border-radius:4px}
.accounts{list-style:none;margin:24px 0;padding:0;display:grid;gap:8px}
button{font:inherit;color:inherit;cursor:pointer;min-height:44px;padding:8px 16px;border-radius:4px;border:1px solid var(--line);background:var(--field)}
.account{display:grid;grid-template-columns:1fr auto;gap:0 16px;width:100%;text-align:left;border-radius:8px;padding:12px 16px}
.account:hover{border-color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.name{font-weight:600}.role{font-family:"JetBrains Mono",ui-monospace,monospace;font-size:13px;color:var(--soft);align-self:center}
.does{grid-column:1/-1;font-size:14px;color:var(--soft)}.main{background:var(--accent);border-color:var(--accent);color:var(--paper);font-weight:600}
details{border-top:1px solid var(--line);padding-top:16px}summary{cursor:pointer;min-height:32px}
label{display:block;margin:12px 0}input:not([type=hidden]){display:block;width:100%;margin-top:4px;padding:10px 12px;font:inherit;color:inherit;background:var(--field);border:1px solid var(--soft);border-radius:4px}
.fault{border-left:4px solid var(--bad);padding:4px 12px;color:var(--bad)}`.replace(/\n/g, '');
