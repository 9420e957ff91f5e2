import type { Plugin } from 'vite';

const Words = /\/src\/i18n\/([a-z]+)\/index\.ts$/u;

/** Tells `public/locale.js` where the words of each language are, so that they come beside the script that asks for them, not after it. */
export function preloadWords(): Plugin {
  return {
    name: 'preload-words',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const places = Object.values(bundle ?? {}).flatMap((one) => {
          const [, language] = one.type === 'chunk' ? (Words.exec(one.facadeModuleId ?? '') ?? []) : [];
          return language === undefined ? [] : [` data-${language}="/${one.fileName}"`];
        });
        const asking = html.replace('src="/locale.js"', (script) => script + places.sort().join(''));
        if (places.length === 0 || asking === html)
          throw new Error('The words of the page have no place, or no script that asks for them.');
        return asking;
      },
    },
  };
}
