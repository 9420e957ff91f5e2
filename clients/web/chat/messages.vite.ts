import { baseCompile } from '@intlify/message-compiler';
import { type Plugin, transformWithOxc } from 'vite';
import { pluralForms } from './src/i18n/plural';

type Catalogue = { readonly [key: string]: string | Catalogue };

/** A section of a catalogue (`src/i18n/LOCALE/SECTION.ts`): an object and nothing else, so that it can be read where the page is built. */
const Section = /\/src\/i18n\/([a-z-]+)\/(?!index\.)\w+\.ts$/iu;

/** Compiles the catalogue when the page is built: what the page loads needs no compiler, and a message that is no message fails the build. */
export function compileMessages(): Plugin {
  return {
    name: 'compile-messages',
    apply: 'build',
    enforce: 'pre',
    async transform(code, id) {
      const [, locale] = Section.exec(id) ?? [];
      if (locale === undefined) return null;
      const { code: script } = await transformWithOxc(code, id);
      const section = (await import(`data:text/javascript,${encodeURIComponent(script)}`)) as Catalogue;
      const lines = Object.entries(section).map(
        ([name, messages]) => `export const ${name} = ${JSON.stringify(compiled(messages, id, pluralForms(locale)))};`,
      );
      return { code: lines.join('\n'), map: null };
    },
  };
}

function compiled(node: string | Catalogue, at: string, forms: readonly string[]): object {
  if (typeof node !== 'string')
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, compiled(child, `${at}: ${key}`, forms)]));
  const { ast } = baseCompile(node, {
    jit: true,
    optimize: true,
    minify: true,
    location: false,
    onError: (fault) => {
      throw new Error(`${at}: ${fault.message} in "${node}"`);
    },
  });
  const { s, c } = (ast as unknown as { b: { s?: string; c?: readonly unknown[] } }).b;
  if (s !== undefined) return { t: 0, b: { s } }; // all that is read of a message without places and plurals
  // Choices are the forms of the language, and one for none at all where that is no form of its own (src/i18n/plural.ts).
  if (c && c.length !== forms.length && (forms.includes('zero') || c.length !== forms.length + 1))
    throw new Error(`${at}: ${c.length} choices, but the language has the forms ${forms.join(' | ')}, in "${node}"`);
  return ast;
}
