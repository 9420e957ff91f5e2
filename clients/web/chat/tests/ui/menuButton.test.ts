// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type App, createApp, defineComponent, h, type PropType } from 'vue';
import { i18n } from '../../src/i18n';
import MenuButton from '../../src/ui/MenuButton.vue';
import type { MenuPlace } from '../../src/ui/menuPlace';
import { useToasts } from '../../src/ui/useToasts';

let app: App;
let host: HTMLElement;
const close = vi.fn();
const Menu = defineComponent({
  props: { label: { type: String, required: true }, place: { type: Object as PropType<MenuPlace>, required: true } },
  emits: ['closed'],
  setup(props, { emit }) {
    close.mockImplementation(() => emit('closed'));
    return () => h('p', `${props.label} of ${props.place.opener?.tagName}, ${props.place.align}`);
  },
});
const load = vi.fn(async () => ({ default: Menu }));
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const button = () => host.querySelector('button') as HTMLButtonElement;

async function press(): Promise<void> {
  const wasOpen = host.querySelector('p') !== null;
  button().dispatchEvent(new Event('pointerdown'));
  if (wasOpen) close(); // as a menu does when something outside of it is pressed
  button().click();
  await settle();
}

beforeEach(() => {
  load.mockClear();
  host = document.body.appendChild(document.createElement('div'));
  app = createApp({ render: () => h(MenuButton, { label: 'Menu', load }, () => 'icon') });
  app.use(i18n).mount(host);
});
afterEach(() => {
  app.unmount();
  document.body.replaceChildren();
});

it('loads its menu when it is pointed at, and shows it when it is pressed; pressed again it closes it', async () => {
  expect(load).not.toHaveBeenCalled();
  button().dispatchEvent(new Event('pointerenter'));
  expect(load).toHaveBeenCalledTimes(1);
  await press();
  expect(host.querySelector('p')?.textContent).toBe('Menu of BUTTON, end');
  expect(button().getAttribute('aria-expanded')).toBe('true');
  await press();
  expect(host.querySelector('p')).toBeNull();
  expect(button().getAttribute('aria-expanded')).toBe('false');
  await press();
  expect(host.querySelector('p')).not.toBeNull();
});

it('says when its menu could not be loaded, and can be pressed again', async () => {
  load.mockRejectedValueOnce(new Error('away'));
  await press();
  expect(host.querySelector('p')).toBeNull();
  expect(useToasts().toasts.value.map(({ text }) => text)).toEqual(['This part of the page could not be loaded.']);
  await press();
  expect(host.querySelector('p')).not.toBeNull();
});
