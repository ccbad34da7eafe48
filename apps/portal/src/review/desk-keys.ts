import type { WordKey } from '../language/words';

/** What a key does on the desk. */
export const deskActs = [
  'previous',
  'next',
  'original',
  'approve',
  'reject',
  'rework',
  'rescan',
  'undo',
  'next-region',
  'accept-region',
  'reject-region',
  'side',
  'curtain',
  'blink',
  'map',
  'actual-size',
  'fit',
  'keys',
  'close',
] as const;
export type DeskAct = (typeof deskActs)[number];

/** Keys by act, as `KeyboardEvent.key` in lower case, with the word of the act and how the key is written. */
export const deskKeys: readonly {
  readonly act: DeskAct;
  readonly keys: readonly string[];
  readonly shown: string;
  readonly word: WordKey;
}[] = [
  { act: 'next', keys: ['arrowright', 'arrowdown', 'j'], shown: '→ J', word: 'key.next' },
  { act: 'previous', keys: ['arrowleft', 'arrowup', 'k'], shown: '← K', word: 'key.previous' },
  { act: 'approve', keys: ['a'], shown: 'A', word: 'key.approve' },
  { act: 'reject', keys: ['r'], shown: 'R + 1…9', word: 'key.reject' },
  { act: 'rework', keys: ['w'], shown: 'W + 1…9', word: 'key.rework' },
  { act: 'rescan', keys: ['h'], shown: 'H', word: 'key.rescan' },
  { act: 'undo', keys: ['u'], shown: 'U', word: 'key.undo' },
  { act: 'next-region', keys: ['g'], shown: 'G', word: 'key.region' },
  { act: 'accept-region', keys: ['y'], shown: 'Y', word: 'key.region.accept' },
  { act: 'reject-region', keys: ['n'], shown: 'N', word: 'key.region.reject' },
  { act: 'original', keys: ['tab', ' '], shown: 'Space, Tab', word: 'key.original' },
  { act: 'side', keys: ['s'], shown: 'S', word: 'key.side' },
  { act: 'curtain', keys: ['c'], shown: 'C', word: 'key.curtain' },
  { act: 'blink', keys: ['b'], shown: 'B', word: 'key.blink' },
  { act: 'map', keys: ['m'], shown: 'M', word: 'key.map' },
  { act: 'actual-size', keys: ['z'], shown: 'Z', word: 'key.actual' },
  { act: 'fit', keys: ['0'], shown: '0', word: 'key.fit' },
  { act: 'keys', keys: ['?'], shown: '?', word: 'key.all' },
  { act: 'close', keys: ['escape'], shown: 'Esc', word: 'key.close' },
];

/** What is known of a key press; a `KeyboardEvent` fits. */
export interface Press {
  readonly key: string;
  readonly isComposing: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** What has the focus: a field swallows every key; a control keeps Space, Enter, Tab and its arrows to itself. */
export type Focus = 'field' | 'control' | 'slider' | 'picture';

/**
 * The act of a press, or null. No key acts while an input method composes, while a field has the focus or with a
 * modifier. Single-key mode switched off leaves only Escape and the arrows (WCAG 2.1.4).
 */
export function actOf(press: Press, focus: Focus, singleKeys: boolean): DeskAct | null {
  if (press.isComposing || press.key === 'Process' || press.ctrlKey || press.metaKey || press.altKey) return null;
  const key = press.key.toLowerCase();
  if (key === 'escape') return 'close';
  if (focus === 'field') return null;
  if (key === 'tab' && press.shiftKey) return null;
  if (focus !== 'picture' && (key === ' ' || key === 'tab' || key === 'enter')) return null;
  if (focus === 'slider' && key.startsWith('arrow')) return null;
  const found = deskKeys.find(({ keys }) => keys.includes(key));
  if (!found) return null;
  return singleKeys || key.startsWith('arrow') ? found.act : null;
}

/** What kind of thing has the focus. */
export function focusOf(element: Element | null): Focus {
  if (!element) return 'picture';
  if (element.matches('input[type="range"], [role="slider"]')) return 'slider';
  if (
    element.matches('input:not([type="checkbox"]), textarea, select') ||
    (element instanceof HTMLElement && element.isContentEditable)
  )
    return 'field';
  return element.matches('button, a, [role="button"], input[type="checkbox"], summary') ? 'control' : 'picture';
}
