// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type App, createApp, ref } from 'vue';
import { i18n, withWords } from '../../src/i18n';
import CommandPalette from '../../src/shortcuts/CommandPalette.vue';

const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
const run = vi.fn();
const commands = ['First', 'Second', 'Third'].map((name) => ({ kind: 'command', key: name, name, command: { id: name, icon: 'i', run } }));
vi.mock('../../src/shortcuts/usePalette', () => ({ usePalette: () => ({ groups: ref([{ kind: 'command', entries: commands }]), run }) }));

const closed = vi.fn();
let app: App;

beforeEach(async () => {
  run.mockReset();
  closed.mockReset();
  app = createApp(await withWords('shortcuts', async () => CommandPalette), { onClosed: closed });
  app.use(i18n).mount(document.body.appendChild(document.createElement('div')));
  await settle();
});
afterEach(() => {
  app.unmount();
  document.body.replaceChildren();
});

const active = () => document.querySelector('[role=option][aria-selected=true]')?.textContent?.trim();
async function press(key: string, how: KeyboardEventInit = {}): Promise<boolean> {
  const input = document.querySelector('input') as HTMLInputElement;
  const wasLeft = input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...how }));
  await settle();
  return wasLeft;
}

it('is moved through by the arrows, and Enter takes what is active', async () => {
  expect(active()).toBe('First');
  expect(await press('ArrowUp')).toBe(false);
  expect(active()).toBe('Third');
  await press('ArrowDown');
  await press('ArrowDown');
  expect(active()).toBe('Second');
  await press('Enter');
  expect([run.mock.calls, closed.mock.calls.length]).toEqual([[[commands[1]]], 1]);
});

it.each([{ isComposing: true }, { keyCode: 229 }])('leaves the keys to an input method that composes a word (%o)', async (how) => {
  expect([await press('ArrowDown', how), active()]).toEqual([true, 'First']);
  await press('Enter', how);
  await press('Escape', how);
  expect([run.mock.calls.length, closed.mock.calls.length]).toEqual([0, 0]);
  await press('Escape');
  expect(closed).toHaveBeenCalledOnce();
});
