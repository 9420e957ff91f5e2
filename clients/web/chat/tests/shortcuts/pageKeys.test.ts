// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EffectScope, effectScope, ref } from 'vue';
import { listenForKeys, type PageKeysPorts } from '../../src/shortcuts/pageKeys';
import { pageShortcuts } from '../../src/shortcuts/shortcuts';
import type { Layer } from '../../src/ui/useLayer';

const done: string[] = [];
const layer = ref<Layer | null>(null);
const singleKeys = ref(true);
const closeLayer = vi.fn();
let scope: EffectScope;

beforeEach(() => {
  done.length = 0;
  layer.value = null;
  singleKeys.value = true;
  closeLayer.mockClear();
  scope = effectScope();
  const actions = Object.fromEntries(pageShortcuts.map(({ id }) => [id, () => done.push(id)])) as unknown as PageKeysPorts['actions'];
  scope.run(() => listenForKeys({ actions, layer, closeLayer, singleKeys, mac: false }));
});
afterEach(() => {
  scope.stop();
  document.body.replaceChildren();
});

function add<Name extends keyof HTMLElementTagNameMap>(name: Name, parent: Element = document.body): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  parent.append(made);
  return made;
}

function press(target: Element, key: string, held: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held });
  target.dispatchEvent(event);
  return event;
}

describe('the keys of the page', () => {
  it('do what the table says, and nothing else happens then', () => {
    expect(press(document.body, 'k', { ctrlKey: true }).defaultPrevented).toBe(true);
    press(document.body, 'ArrowDown', { altKey: true });
    press(document.body, 'ArrowUp', { altKey: true, shiftKey: true });
    press(document.body, 'Escape', { shiftKey: true });
    press(document.body, 'Escape');
    expect(done).toEqual(['palette', 'nextChat', 'previousUnread', 'markAllRead', 'back']);
    expect(press(document.body, 'x').defaultPrevented).toBe(false);
  });

  it('leave a sign to who writes, and do nothing alone when that is turned off', () => {
    const field = add('textarea');
    expect(press(field, '/').defaultPrevented).toBe(false);
    press(field, '?', { shiftKey: true });
    expect(done).toEqual([]);
    press(document.body, '/');
    press(document.body, '?', { shiftKey: true });
    expect(done).toEqual(['search', 'help']);

    singleKeys.value = false;
    press(document.body, '/');
    expect(done).toEqual(['search', 'help']);
    press(field, '/', { ctrlKey: true });
    expect(done).toEqual(['search', 'help', 'help']);
  });

  it('lead out of a chat by Escape from an empty field of it, not from one with words or from another', () => {
    const field = add('textarea', add('main'));
    field.value = 'begun';
    press(field, 'Escape');
    press(add('input'), 'Escape');
    expect(done).toEqual([]);
    field.value = '';
    press(field, 'Escape');
    expect(done).toEqual(['back']);
  });

  it('are left to what covers the page; the palette goes by the key by which it came', () => {
    add('div').setAttribute('role', 'dialog');
    press(document.body, 'ArrowDown', { altKey: true });
    press(document.body, 'k', { ctrlKey: true });
    expect(done).toEqual([]);
    layer.value = 'palette';
    press(document.body, 'k', { ctrlKey: true });
    expect([done, closeLayer.mock.calls.length]).toEqual([[], 1]);
  });

  it('come second where a part of the page took the key, while a word is composed, and at a choice', () => {
    const part = add('div');
    part.addEventListener('keydown', (event) => event.preventDefault());
    press(part, 'Escape');
    press(document.body, 'k', { ctrlKey: true, isComposing: true });
    press(document.body, 'Escape', { keyCode: 229 });
    press(add('select'), 'ArrowDown', { altKey: true });
    expect(done).toEqual([]);
  });

  it('are heard no more when the page is left', () => {
    scope.stop();
    press(document.body, 'k', { ctrlKey: true });
    expect(done).toEqual([]);
  });
});
