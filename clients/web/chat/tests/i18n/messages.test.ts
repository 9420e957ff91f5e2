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
