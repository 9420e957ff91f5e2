// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { createApp, defineComponent, h, nextTick } from 'vue';
import type { Conversation } from '../../src/conversation/useConversation';
import ChatFinder from '../../src/find/ChatFinder.vue';

vi.mock('../../src/find/FindBar.vue', () => ({
  __esModule: true, // else a component that is loaded late takes the module for the component
  default: defineComponent({
    emits: ['closed', 'show'],
    setup(_, { expose, emit }) {
      const hasFocus = () => document.activeElement?.id === 'field';
      expose({ focus: () => document.getElementById('field')?.focus(), hasFocus });
      return () => [h('input', { id: 'field' }), h('button', { onClick: () => emit('closed') })];
    },
  }),
}));
afterEach(() => document.body.replaceChildren());

function setup() {
  const closed = vi.fn();
  const app = createApp(() => h(ChatFinder, { conversation: {} as Conversation, onClosed: closed }));
  app.mount(document.body.appendChild(document.createElement('div')));
  const press = (rest: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent('keydown', { key: 'f', ctrlKey: true, bubbles: true, cancelable: true, ...rest });
    document.body.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return { app, closed, press };
}
const field = () => document.getElementById('field');

it('opens by its keys, takes them again to its field, and from there they are the browser’s', async () => {
  const { app, closed, press } = setup();
  expect(press({ shiftKey: true })).toBe(false);
  expect(press()).toBe(true);
  await vi.waitFor(() => expect(field()).not.toBeNull());
  expect(press()).toBe(true);
  expect(document.activeElement).toBe(field());
  expect(press()).toBe(false);
  document.querySelector('button')?.click();
  await nextTick();
  expect([field(), closed.mock.calls.length]).toEqual([null, 1]);
  app.unmount();
  expect(press()).toBe(false);
});

it('leaves the keys to a dialog, and to an input method', () => {
  const { app, press } = setup();
  expect(press({ isComposing: true })).toBe(false);
  document.body.appendChild(document.createElement('div')).setAttribute('role', 'dialog');
  expect(press()).toBe(false);
  app.unmount();
});
