// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { actOf, deskActs, deskKeys, focusOf, type Press } from './desk-keys';
import { readHabits } from './desk-habits';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  isComposing: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('keys of the desk', () => {
  it('give every act a key of its own', () => {
    const keys = deskKeys.flatMap((row) => row.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(deskKeys.map(({ act }) => act).sort()).toEqual([...deskActs].sort());
  });

  it('never judge by arrows', () => {
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'])
      expect(['next', 'previous']).toContain(actOf(press(key), 'picture', true));
  });

  it('do nothing while a word is composed, a field has the focus or a modifier is held', () => {
    expect(actOf(press('a'), 'picture', true)).toBe('approve');
    expect(actOf(press('a', { isComposing: true }), 'picture', true)).toBeNull();
    expect(actOf(press('Process'), 'picture', true)).toBeNull();
    expect(actOf(press('a'), 'field', true)).toBeNull();
    expect(actOf(press('r', { ctrlKey: true }), 'picture', true)).toBeNull();
  });

  it('leave Space, Tab and Enter to controls, and arrows to sliders', () => {
    expect(actOf(press(' '), 'picture', true)).toBe('original');
    for (const key of [' ', 'Tab', 'Enter']) expect(actOf(press(key), 'control', true)).toBeNull();
    expect(actOf(press('ArrowRight'), 'slider', true)).toBeNull();
    expect(actOf(press('Tab', { shiftKey: true }), 'picture', true)).toBeNull();
  });

  it('can be switched off: arrows and Escape go on', () => {
    for (const { act, keys } of deskKeys) {
      const answer = actOf(press(keys[0] ?? ''), 'picture', false);
      expect(answer).toBe(act === 'next' || act === 'previous' || act === 'close' ? act : null);
    }
  });

  it('see what has the focus', () => {
    document.body.innerHTML =
      '<input id="f"><input id="r" type="range"><textarea id="t"></textarea><button id="b"></button><div id="c" role="slider"></div>';
    const at = (id: string): string => focusOf(document.getElementById(id));
    expect([at('f'), at('r'), at('t'), at('b'), at('c'), focusOf(document.body), focusOf(null)]).toEqual([
      'field',
      'slider',
      'field',
      'control',
      'slider',
      'picture',
      'picture',
    ]);
  });
});

describe('habits', () => {
  it('survive a broken memory one by one', () => {
    const fresh = { mode: 'side', surround: 'dark', singleKeys: true, look: { fit: true } };
    expect(readHabits(null, false)).toEqual(fresh);
    expect(readHabits('{"mode":"nonsense","look":{"fit":false}}', false)).toEqual(fresh);
    expect(readHabits('not json', true)).toEqual({ ...fresh, mode: 'restored' });
    const kept = {
      mode: 'curtain',
      surround: 'middle',
      singleKeys: false,
      look: { fit: false, magnification: 1, x: 0.4, y: 0.6 },
    };
    expect(readHabits(JSON.stringify(kept), false)).toEqual(kept);
  });
});
