// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest';
import { createApp } from 'vue';
import DropTarget from '../../src/attachments/DropTarget.vue';
import { i18n } from '../../src/i18n';

afterEach(() => document.body.replaceChildren());

function made() {
  const host = document.body.appendChild(document.createElement('div'));
  const beside = document.body.appendChild(document.createElement('p'));
  const taken: File[][] = [];
  const app = createApp(DropTarget, { onFiles: (files: File[]) => taken.push(files) });
  app.use(i18n).mount(host);
  return { host, beside, taken, leave: () => app.unmount() };
}

/** Whether the page has it; what it has not, the browser opens in its place. */
function held(at: Element, type: string, types: readonly string[] = ['Files']): boolean {
  const file = new File(['12345'], 'a.png');
  const items = [{ kind: 'file', getAsFile: () => file }];
  const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer: { types, items, dropEffect: '' } });
  at.dispatchEvent(event);
  return event.defaultPrevented;
}

it('takes the files that are dropped on what it lies over, and those beside it do not lead away from the page', () => {
  const { host, beside, taken, leave } = made();
  expect([held(host, 'dragover'), held(host, 'drop'), taken.map((files) => files.length)]).toEqual([true, true, [1]]);
  expect([held(beside, 'dragover'), held(beside, 'drop'), taken.length]).toEqual([true, true, 1]);
  expect(held(beside, 'drop', ['text/plain'])).toBe(false);
  leave();
  expect(held(beside, 'drop')).toBe(false);
});
