import { expect, it } from 'vitest';
import { compileMessages } from '../../messages.vite';

const Section = '/chat/src/i18n/en/greetings.ts';

async function build(code: string, id = Section): Promise<{ readonly code: string } | null> {
  const { transform } = compileMessages() as never as { transform(code: string, id: string): Promise<{ readonly code: string } | null> };
  return transform(code, id);
}

it('compiles a section to what the page reads without a compiler', async () => {
  const built = await build("export const greetings = { plain: 'Hello', one: { named: 'Hello {name}' } } as const;");
  expect(built?.code).toMatch(/^export const greetings = \{/u);
  const { plain, one } = JSON.parse(built?.code.replace(/^export const greetings = |;$/gu, '') ?? '');
  expect(plain).toEqual({ t: 0, b: { s: 'Hello' } });
  expect([one.named.b.s, JSON.stringify(one.named)]).toEqual([undefined, expect.stringContaining('"name"')]);
});

it('leaves all but the sections of a catalogue as they are', async () => {
  for (const id of ['/chat/src/i18n/en/index.ts', '/chat/src/i18n/time.ts', '/chat/src/greetings.ts'])
    expect(await build('export const greetings = {};', id)).toBeNull();
});

it('a faulty message fails the build, and says where it stands', async () => {
  const built = build("export const greetings = { fine: 'Hello', one: { broken: 'Hello {name' } } as const;");
  await expect(built).rejects.toThrow(/greetings\.ts: one: broken: .* in "Hello \{name"/u);
});

it('a message has as many choices as its language has forms, or one more where none at all is no form', async () => {
  const choices = (n: number) => `export const greetings = { many: '${Array(n).fill('{count}').join(' | ')}' };`;
  const fits = async (locale: string, n: number) =>
    build(choices(n), `/chat/src/i18n/${locale}/greetings.ts`).then(
      () => true,
      (fault: Error) =>
        /greetings\.ts: many: \d choices, but the language has the forms/u.test(fault.message) ? false : Promise.reject(fault),
    );
  const taken = (locale: string) => Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => fits(locale, n)));
  expect(await taken('en')).toEqual([true, true, true, false, false, false, false]);
  expect(await taken('ar')).toEqual([true, false, false, false, false, true, false]);
  expect(await taken('ja')).toEqual([true, true, false, false, false, false, false]);
});
