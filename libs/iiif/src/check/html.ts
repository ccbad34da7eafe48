/** Elements that IIIF Presentation 3.0, 4.5 lets a client show, with the attributes that may stand on them. */
const allowedElements: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  b: [],
  br: [],
  i: [],
  img: ['src', 'alt'],
  p: [],
  small: [],
  span: [],
  sub: [],
  sup: [],
};
const emptyElements = new Set(['br', 'img']);
const allowedSchemes: Readonly<Record<string, RegExp>> = { href: /^(https?:\/\/|mailto:)/iu, src: /^https?:\/\//iu };

const token = /<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/guy;
const attribute = /([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu;
const badAmpersand = /&(?!(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)/u;

/** True where IIIF wants the text treated as HTML: it starts with `<` and ends with `>`. */
export function readsAsHtml(text: string): boolean {
  const tidy = text.trim();
  return tidy.startsWith('<') && tidy.endsWith('>');
}

/** What is wrong with an HTML value, or undefined: only well-formed markup of the allowed elements and attributes passes. */
export function htmlFault(text: string): string | undefined {
  const open: string[] = [];
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const plain = text.slice(at, next < 0 ? text.length : next);
    if (badAmpersand.test(plain)) return 'an & is not escaped';
    if (next < 0) break;
    token.lastIndex = next;
    const found = token.exec(text);
    if (!found) return `the markup at "${text.slice(next, next + 20)}" is not allowed or not well formed`;
    const fault = tagFault(found, open);
    if (fault) return fault;
    at = next + found[0].length;
  }
  return open.length > 0 ? `<${open.at(-1)}> is not closed` : undefined;
}

function tagFault(found: RegExpExecArray, open: string[]): string | undefined {
  const [, closing, name = '', attributes = '', selfClosed] = found;
  const allowed = Object.hasOwn(allowedElements, name) ? allowedElements[name] : undefined;
  if (!allowed) return `<${name}> is not allowed`;
  if (closing) return open.pop() === name ? undefined : `</${name}> closes nothing`;
  for (const [, key = '', double, single] of attributes.matchAll(attribute)) {
    const value = double ?? single ?? '';
    if (!allowed.includes(key)) return `the attribute ${key} is not allowed on <${name}>`;
    if (allowedSchemes[key] && !allowedSchemes[key].test(value.trim())) return `the address in ${key} is not allowed`;
  }
  if (!selfClosed && !emptyElements.has(name)) open.push(name);
  else if (!selfClosed) return `<${name}> must be closed with />`;
  return undefined;
}
