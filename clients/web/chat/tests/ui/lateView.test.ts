// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { type App, createApp, h } from 'vue';
import { i18n } from '../../src/i18n';
import { lateView } from '../../src/ui/lateView';

const shown: App[] = [];
afterEach(() => {
  for (const app of shown.splice(0)) app.unmount();
  document.body.replaceChildren();
});
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

it('says that its code did not come, and tries again as often as one wants', async () => {
  const load = vi.fn(async () => ({ render: () => h('p', 'here') }));
  load.mockRejectedValueOnce(new Error('away')).mockRejectedValueOnce(new Error('still away'));
  const host = document.body.appendChild(document.createElement('div'));
  const app = createApp(lateView(load));
  app.use(i18n).mount(host);
  shown.push(app);
  expect(host.textContent).toBe('');
  for (const tries of [1, 2]) {
    await settle();
    expect([load.mock.calls.length, host.querySelector('h2')?.textContent]).toEqual([tries, 'This part of the page could not be loaded.']);
    host.querySelector('button')?.click();
  }
  await settle();
  expect(host.innerHTML).toContain('<p>here</p>');
});
