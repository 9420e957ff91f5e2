// @vitest-environment happy-dom
import { type Chat, ChatError, type Member } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type App, createApp, h, ref } from 'vue';
import MessageComposer from '../../src/composer/MessageComposer.vue';
import { clearDrafts } from '../../src/composer/useDraft';
import { i18n } from '../../src/i18n';
import { provideMediaRoom } from '../../src/media/mediaRoom';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const upload = vi.fn((_file: Blob, _options: unknown): Promise<unknown> => new Promise(() => undefined));
const send = vi.fn();
const pauses = vi.fn();
let connection: object;
const drop = vi.fn();
vi.mock('../../src/voice/recording', async (original) => ({
  ...(await original<object>()),
  canRecord: () => true,
  openMicrophone: async () => ({ level: () => 0, finish: async () => new File([], 'voice.weba'), drop }),
}));
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => connection }));
const schedule = vi.fn(async (_message: unknown) => undefined);
const book = { messages: { value: [] as unknown[] }, scheduleText: schedule };
vi.mock('../../src/scheduled/useScheduledBook', () => ({ useScheduledBook: () => ({ value: book }) }));

const chat = {
  id: 7,
  summary: { kind: 'group' },
  members: async () => [{ principalId: 2, name: 'Anna' }] as Member[],
} as unknown as Chat;

type Composer = InstanceType<typeof MessageComposer>;
const shown: App[] = [];

function open() {
  const host = document.body.appendChild(document.createElement('div'));
  const sent: unknown[][] = [];
  const composer = ref<Composer | null>(null);
  const setup = () => {
    provideMediaRoom(ref([])).player.pause = pauses;
    return () => h(MessageComposer, { chat, name: 'Team', replyTo: null, ref: composer, onSend: (...what: unknown[]) => sent.push(what) });
  };
  const app = createApp({ setup });
  app.use(i18n).mount(host);
  shown.push(app);
  const box = host.querySelector('textarea') as HTMLTextAreaElement;
  const write = async (text: string) => {
    box.value = text;
    box.setSelectionRange(text.length, text.length);
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
  };
  const press = async (key: string, rest: KeyboardEventInit = {}) => {
    box.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...rest }));
    await settle();
  };
  return { host, box, sent, composer: () => composer.value as Composer, write, press, leave: () => app.unmount() };
}

const picture = () => new File(['12345'], 'a.png', { type: 'image/png' });
const mention = { kind: 'mention', start: 0, length: 5, principalId: 2 };

beforeEach(() => {
  connection = {
    meId: 1,
    previews: {},
    typing: { start: () => undefined, stop: () => undefined },
    files: { upload, delete: async () => undefined },
    client: { chat: () => ({ send }), on: () => undefined },
  };
});
afterEach(() => {
  for (const app of shown.splice(0)) app.unmount();
  document.body.replaceChildren();
  clearDrafts();
  book.messages.value = [];
  schedule.mockClear();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('a text beside a file that was refused is sent as a message', async () => {
  upload.mockRejectedValueOnce(new ChatError(200, 'refused'));
  const { composer, sent, write, press, host } = open();
  composer().addFiles([picture()]);
  await settle();
  await write('Hello');
  await press('Enter');
  expect(sent).toEqual([['Hello', null, []]]);
  expect([send.mock.calls, host.querySelectorAll('[data-file]').length]).toEqual([[], 1]);
});

it('a draft that is opened again still mentions whom it did', async () => {
  const first = open();
  await first.write('@An');
  await first.press('Enter');
  await first.write('@Anna look');
  first.leave();
  const again = open();
  expect(again.box.value).toBe('@Anna look');
  await again.press('Enter');
  expect(again.sent).toEqual([['@Anna look', null, [mention]]]);
});

it('a caption that comes back mentions whom it did, and so does what is written meanwhile', async () => {
  const { composer, host, sent, write, press, box } = open();
  composer().addFiles([picture()]);
  for (const end of ['look', 'see']) {
    await write('@An');
    await press('Enter');
    await write(`@Anna ${end}`);
    if (end === 'look') await press('Enter');
  }
  host.querySelector<HTMLButtonElement>('[data-remove]')?.click();
  await settle();
  expect(box.value).toBe('@Anna look\n@Anna see');
  await press('Enter');
  expect(sent).toEqual([['@Anna look\n@Anna see', null, [mention, { ...mention, start: 11 }]]]);
});

it('tells that something is recorded, which can be given up from outside, and hushes what plays', async () => {
  const { composer, host } = open();
  expect(composer().recording).toBe(false);
  host.querySelector<HTMLButtonElement>('[aria-label="Record a voice message"]')?.click();
  await settle();
  expect([composer().recording, pauses.mock.calls.length]).toEqual([true, 1]);
  composer().cancelRecording();
  await settle();
  expect([composer().recording, drop.mock.calls.length]).toEqual([false, 1]);
});

it('a file that was picked leads to where its caption is written', async () => {
  const { host, box } = open();
  box.blur();
  const input = host.querySelector<HTMLInputElement>('[data-pick=document]') as HTMLInputElement;
  Object.defineProperty(input, 'files', { value: [picture()] });
  input.dispatchEvent(new Event('change'));
  await settle();
  expect([host.querySelectorAll('[data-file]').length, document.activeElement]).toEqual([1, box]);
});

/** Opens the menu of the send button and asks for another time. */
async function chooseTime(host: HTMLElement): Promise<HTMLElement> {
  host
    .querySelector('[type=submit]')
    ?.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: 5, clientY: 5 }));
  await settle();
  document.querySelector<HTMLElement>('[role=menuitem]')?.click();
  return vi.waitFor(() => document.querySelector<HTMLElement>('[role=dialog] li button') ?? Promise.reject(new Error('no dialog yet')));
}

it('sends later what is written, with whom it mentions; refused, it comes back', async () => {
  const { host, box, sent, write, press } = open();
  await write('@An');
  await press('Enter');
  await write('@Anna see you');
  schedule.mockRejectedValueOnce(new ChatError(230, 'over'));
  const preset = await chooseTime(host);
  preset.click();
  await settle();
  expect(box.value).toBe('@Anna see you');
  preset.click();
  await settle();
  const wish = { chatId: 7, dueAt: expect.any(Date), message: { text: '@Anna see you', content: { kind: 'text', marks: [mention] } } };
  expect([schedule.mock.calls, box.value, sent]).toEqual([[[wish], [wish]], '', []]);
  await vi.waitFor(() => expect([document.querySelector('[role=dialog]'), document.activeElement]).toEqual([null, box]));
});

it('what is written while it is not known yet whether it is scheduled stays, and the dialog with it', async () => {
  const { host, box, write } = open();
  await write('See you');
  let answer: (fault?: unknown) => void = () => undefined;
  schedule.mockImplementationOnce(
    () => new Promise((resolve, reject) => (answer = (fault) => (fault ? reject(fault) : resolve(undefined)))),
  );
  const preset = await chooseTime(host);
  preset.click();
  await settle();
  expect(box.value).toBe('');
  await write('Something else');
  document.querySelector<HTMLElement>('[role=dialog] [aria-label=Close]')?.click();
  await settle();
  expect(document.querySelector('[role=dialog]')).not.toBeNull();
  answer();
  await settle();
  expect(box.value).toBe('Something else');
});

it('what was refused while one was in another chat is there when one comes back', async () => {
  const first = open();
  await first.write('See you');
  let refuse: (fault: unknown) => void = () => undefined;
  schedule.mockImplementationOnce(() => new Promise((_resolve, reject) => (refuse = reject)));
  (await chooseTime(first.host)).click();
  await settle();
  first.leave();
  refuse(new ChatError(230, 'over'));
  await settle();
  const again = open();
  await settle();
  expect(again.box.value).toBe('See you');
});

it('tells what waits in this chat alone', async () => {
  book.messages.value = [
    { chatId: 7, state: 'waiting' },
    { chatId: 7, state: 'failed' },
    { chatId: 8, state: 'waiting' },
  ];
  const { host } = open();
  await settle();
  expect(host.querySelector('[aria-label^="2 scheduled messages, some"]')).not.toBeNull();
});
