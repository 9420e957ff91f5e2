// @vitest-environment happy-dom
import { beforeAll, expect, it, vi } from 'vitest';
import { createApp, nextTick } from 'vue';
import App from '../../src/App.vue';
import { useAccount } from '../../src/account/useAccount';
import { i18n, speak } from '../../src/i18n';
import { pseudoText } from '../../src/i18n/pseudo';
import { router } from '../../src/router';

vi.mock('@chat/sdk', () => import('../dev/fakeSdk'));

/** What the page says with letters that the catalogue does not have: neither somebody's name or text, nor a time. */
function untranslated(): string[] {
  const found: string[] = [];
  const note = (text: string) => {
    const rest = text.replace(/⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧/gu, '').trim();
    if (/\p{L}{2}/u.test(rest)) found.push(rest);
  };
  for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
    if (element.closest('[dir=auto], time, script, style, option[lang]')) continue;
    if (element.closest('[aria-hidden=true]') && element.textContent?.length === 2) continue; // initials
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) note(node.textContent ?? '');
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

it.each(['/sign-in', '/', '/chat/11', '/chat/12', '/statuses', '/calls', '/channel/news'])(
  '%s says nothing but words of the catalogue',
  async (path) => {
    if (path !== '/sign-in') await useAccount().signIn('anna', 'secret');
    await router.push(path);
    await settle();
    expect(document.body.textContent?.split('⟦').length).toBeGreaterThan(9);
    expect(untranslated()).toEqual([]);
  },
);
