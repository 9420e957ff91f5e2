// @vitest-environment happy-dom
import { beforeAll, expect, it, vi } from 'vitest';
import { createApp, nextTick } from 'vue';
import App from '../../src/App.vue';
import { useAccount } from '../../src/account/useAccount';
import { i18n, speak } from '../../src/i18n';
import { pseudoText } from '../../src/i18n/pseudo';
import { router } from '../../src/router';
import { sections } from '../../src/settings/sections';
import { useLayer } from '../../src/ui/useLayer';

vi.mock('@chat/sdk', () => import('../dev/fakeSdk'));

/** What the page says with letters that the catalogue does not have: neither somebody's name or text, nor a time. */
function untranslated(): string[] {
  const found: string[] = [];
  const note = (text: string) => {
    const rest = text.replace(/⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧/gu, '').trim();
    if (/\p{L}{2}/u.test(rest)) found.push(rest);
  };
  for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
    if (element.closest('[dir=auto], bdi, time, script, style, option[lang]')) continue;
    if (element.closest('[aria-hidden=true]') && element.textContent?.length === 2) continue; // initials
    const own = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
    note(own.map(({ textContent }) => textContent).join('')); // a sentence has elements for the names in it
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) note(element.getAttribute(name) ?? '');
  }
  return [...new Set(found)];
}

const settle = async () => {
  for (let turn = 0; turn < 20; turn++) {
    await vi.dynamicImportSettled();
    await new Promise<void>((resolve) => setImmediate(resolve));
    await nextTick();
  }
};

beforeAll(async () => {
  vi.stubGlobal('fetch', async () => new Response('{}', { status: 404 })); // no demo
  await speak('en-XA');
  createApp(App)
    .use(i18n)
    .use(router)
    .mount(document.body.appendChild(document.createElement('div')));
});

it('a text of the pseudo language is accented, longer, and in brackets', () => {
  expect(pseudoText('Send {name} a | b')).toBe('⟦Šéñđ {name} á···⟧ | ⟦ƀ·⟧');
});

/** The first to want a view has it compiled, which takes long where others compile, too. */
const Patience = 60_000;
const settings = sections.map(({ name }) => `/settings/${name}`);

it.each(['/sign-in', '/', '/chat/11', '/chat/12', '/statuses', '/calls', '/notices', '/channel/news', '/settings', ...settings])(
  '%s says nothing but words of the catalogue',
  async (path) => {
    if (path !== '/sign-in') await useAccount().signIn('anna', 'secret');
    await router.push(path);
    await settle();
    expect(document.body.textContent?.split('⟦').length).toBeGreaterThan(9);
    expect(untranslated()).toEqual([]);
  },
  Patience,
);

it.each(['palette', 'help', 'markAllRead'] as const)(
  'the layer %s says nothing but words of the catalogue',
  async (layer) => {
    const { showLayer, closeLayer } = useLayer();
    showLayer(layer);
    await settle();
    expect(document.body.querySelector('[role=dialog], [role=alertdialog]')?.textContent).toContain('⟦');
    expect(untranslated()).toEqual([]);
    closeLayer();
    await settle();
  },
  Patience,
);
