import { describe, expect, it } from 'vitest';
import { effectScope, nextTick } from 'vue';
import { composerKey, type KeyPress, MaxTextBytes, textBytes, useComposer } from '../../src/composer/useComposer';
import { draftOf } from '../../src/composer/useDraft';

const press = (key: string, rest: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 0,
  ...rest,
});

function composerOf(id: number) {
  const calls: string[] = [];
  const typing = { start: (chatId: number) => calls.push(`start ${chatId}`), stop: (chatId: number) => calls.push(`stop ${chatId}`) };
  const scope = effectScope();
  const composer = scope.run(() => useComposer(id, typing));
  if (!composer) throw new Error('the scope is active');
  return { composer, calls, leave: () => scope.stop() };
}

describe('keys of the composer', () => {
  it('Enter sends and Shift+Enter breaks the line', () => {
    expect(composerKey(press('Enter'), false, false)).toBe('send');
    expect(composerKey(press('Enter', { shiftKey: true }), false, false)).toBe('none');
  });

  it('an Enter that ends a composition does not send', () => {
    expect(composerKey(press('Enter', { isComposing: true }), false, false)).toBe('none');
    expect(composerKey(press('Enter', { keyCode: 229 }), false, false)).toBe('none');
  });

  it('on a touch keyboard Enter breaks the line', () => {
    expect(composerKey(press('Enter'), true, false)).toBe('none');
    expect(composerKey(press('Enter', { ctrlKey: true }), true, false)).toBe('send');
  });

  it('↑ leaves upwards only from an empty box', () => {
    expect(composerKey(press('ArrowUp'), false, true)).toBe('up');
    expect(composerKey(press('ArrowUp'), false, false)).toBe('none');
    for (const held of ['altKey', 'shiftKey', 'ctrlKey', 'metaKey'] as const)
      expect(composerKey(press('ArrowUp', { [held]: true }), false, true)).toBe('none'); // the page's, or the system's
  });
});

describe('the composer', () => {
  it('gives the trimmed text once and is empty then', () => {
    const { composer } = composerOf(1);
    composer.text.value = '  hi \n';
    expect(composer.take()).toBe('hi');
    expect(composer.take()).toBeNull();
  });

  it('counts bytes, not characters, against the bound', () => {
    const { composer } = composerOf(2);
    composer.text.value = 'é'.repeat(MaxTextBytes / 2);
    expect(composer.canSend.value).toBe(true);
    composer.text.value += 'é';
    expect(composer.canSend.value).toBe(false);
    expect(composer.overBytes.value).toBe(2);
    expect(composer.take()).toBeNull();
    expect(textBytes('😀')).toBe(4);
  });

  it('tells that one types, and stops when the box is empty or left', async () => {
    const { composer, calls, leave } = composerOf(3);
    composer.text.value = 'h';
    await nextTick();
    composer.text.value = '';
    await nextTick();
    leave();
    expect(calls).toEqual(['start 3', 'stop 3', 'stop 3']);
  });

  it('keeps its draft for the next visit', async () => {
    const { composer, leave } = composerOf(4);
    composer.text.value = 'half a tho';
    await nextTick();
    leave();
    expect(draftOf(4)).toBe('half a tho');
    expect(composerOf(4).composer.text.value).toBe('half a tho');
  });
});
