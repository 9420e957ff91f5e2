import { isDeepStrictEqual } from 'node:util';
import type { WireEvent } from '../../../src/frames/elements.js';
import { encodeFrame, type FrameValue } from '../../../src/frames/frame.js';
import type { pushes } from '../../../src/frames/pushes.js';
import { type FakeChat, FakeServer, inboxId, me, peer, type Received, reply } from '../fake-server.js';
import { ManualClock } from '../manual-clock.js';
import { camelCased, frameNamed } from '../vectors.js';
import { need, ScenarioApp, third } from './app.js';
import type { Expected, LogEntry, Scenario, ScenarioChat, Step } from './scenario.js';

const usualChats: readonly ScenarioChat[] = [{ chat_id: 7, kind: 1, events: ['first'] }];

/** Plays one scenario: the server and the clock as the script says, the app through the SDK. Throws where something is otherwise. */
export class ScenarioRun {
  readonly #scenario: Scenario;
  readonly #clock = new ManualClock();
  readonly #server = new FakeServer(this.#clock);
  readonly #app: ScenarioApp;
  /** Requests of the kinds that the script answers, in the order in which they came. */
  readonly #came: Received[] = [];
  readonly #answered = new Map<string, Received>();
  #last: Received | null = null;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    const scripted = new Set(scenario.steps.flatMap((step) => (step.server === 'expect' || step.server === 'none' ? [step.frame] : [])));
    this.#server.intercept = (request) => {
      const isScripted = scripted.has(snake(request.name)) && (request.value as { chatId?: number }).chatId !== inboxId;
      if (isScripted) this.#came.push(request);
      return isScripted;
    };
    this.#server.pingIntervalMs = scenario.ping_interval_ms ?? this.#server.pingIntervalMs;
    for (const chat of scenario.chats ?? usualChats) {
      const made = this.#server.addChat(chat.chat_id, chat.kind, chat.kind === 1 ? [peer] : [peer, third]);
      this.#fill(made, chat.events, chat.epoch);
    }
    this.#app = new ScenarioApp({
      transport: this.#server.transport,
      clock: this.#clock,
      jitter: scenario.jitter ?? 0,
      inbox: inboxId,
    });
  }

  async play(): Promise<void> {
    try {
      let number = 0;
      for (const step of this.#scenario.steps) {
        number++;
        try {
          await this.#take(step);
          await this.#clock.advance(0);
        } catch (thrown) {
          throw new Error(`step ${number}, ${JSON.stringify(step)}: ${(thrown as Error).message}`, { cause: thrown });
        }
        this.#app.note();
      }
      this.#judge();
    } finally {
      this.#app.close();
    }
  }

  async #take(step: Step): Promise<void> {
    if (step.app !== undefined) this.#app.do(step);
    else if (step.clock !== undefined) await this.#clock.advance(step.clock);
    else this.#serve(step);
  }

  #serve(step: Step): void {
    switch (step.server) {
      case 'expect':
        this.#expect(step);
        return;
      case 'none': {
        const came = this.#came.find((request) => snake(request.name) === step.frame);
        if (came !== undefined) throw new Error(`a ${step.frame} came: ${JSON.stringify(came.value)}`);
        return;
      }
      case 'answer':
        this.#server.respond(this.#asked(step));
        return;
      case 'reply':
        this.#server.respond(this.#asked(step), reply(frameNamed(need(step, 'frame')), this.#fields(step)));
        return;
      case 'push':
        this.#remember(step);
        this.#server.connection.bytes(encodeFrame(frameNamed(need(step, 'frame')), 0, this.#fields(step)));
        return;
      case 'bytes':
        this.#server.connection.bytes(Uint8Array.from(Buffer.from(need(step, 'hex'), 'hex')));
        return;
      case 'post':
      case 'store':
        this.#post(step);
        return;
      case 'close':
        this.#server.connection.close(need(step, 'code'));
        return;
      case 'lose':
        this.#server.connection.close(1006);
        return;
      case 'down':
      case 'up':
        this.#server.reachable = step.server === 'up';
        return;
      case 'renumber': {
        const chat = this.#chat(step);
        chat.events.length = 0;
        this.#fill(chat, need(step, 'events'), need(step, 'epoch'));
        return;
      }
      case 'add':
        this.#fill(this.#server.addChat(need(step, 'chat_id'), 2, [peer, third]), need(step, 'events'));
        return;
      case 'forget':
        this.#server.chats.delete(need(step, 'chat_id'));
        return;
      default:
        throw new Error(`A server does no '${step.server}'.`);
    }
  }

  #expect(step: Step): void {
    const at = this.#came.findIndex((request) => snake(request.name) === step.frame);
    const [request] = at < 0 ? [] : this.#came.splice(at, 1);
    if (request === undefined) throw new Error(`no ${step.frame} came`);
    const value = request.value as Record<string, unknown>;
    for (const [name, wanted] of Object.entries(this.#fields(step)))
      if (!isDeepStrictEqual(plain(value[name]), plain(wanted)))
        throw new Error(`${name} is ${JSON.stringify(value[name])}, not ${JSON.stringify(wanted)}`);
    this.#last = request;
    if (step.as !== undefined) this.#answered.set(step.as, request);
  }

  #asked(step: Step): Received {
    const request = step.to === undefined ? this.#last : this.#answered.get(step.to);
    if (!request) throw new Error('there is no request to answer');
    return request;
  }

  /** An event of the log, which is pushed unless it is only stored. */
  #post(step: Step): void {
    const entry =
      step.fields === undefined ? need(step, 'text') : { ...step.fields, ...(step.text === undefined ? {} : { text: step.text }) };
    const event = this.#append(this.#chat(step), entry);
    if (step.server === 'post') this.#server.connection.event(event);
  }

  /** What receipts say of members is so. */
  #remember(step: Step): void {
    if (step.frame !== 'receipts') return;
    const { chatId, receipts } = this.#fields(step) as unknown as FrameValue<typeof pushes.receipts>;
    const chat = this.#chat({ chat_id: chatId });
    chat.members = chat.members.map((member) => ({ ...member, ...receipts.find((receipt) => receipt.principalId === member.principalId) }));
  }

  #fill(chat: FakeChat, events: readonly LogEntry[], epoch = 33): void {
    chat.epoch = epoch;
    for (const entry of events) this.#append(chat, entry);
  }

  #append(chat: FakeChat, entry: LogEntry): WireEvent {
    if (typeof entry === 'string') return chat.append(entry, peer, { clientMessageId: idOf(chat) });
    const { sender_id = '@peer', text = null, ...more } = entry;
    const fields = camelCased(this.#named(more)) as Partial<WireEvent>;
    const isMessage = (fields.kind ?? 1) === 1;
    return chat.append('', this.#named(sender_id) as number, {
      text: text as string | null,
      clientMessageId: isMessage ? idOf(chat) : null,
      ...fields,
    });
  }

  #chat(step: Step): FakeChat {
    const chatId = step.chat_id === undefined ? inboxId : step.chat_id;
    const chat = this.#server.chats.get(chatId);
    if (chat === undefined) throw new Error(`there is no chat ${chatId}`);
    return chat;
  }

  #fields(step: Step): Record<string, never> {
    return camelCased(this.#named(step.fields ?? {})) as Record<string, never>;
  }

  /** Puts numbers and ids in the place of what begins with an @. */
  #named(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#named(one));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, this.#named(inner)]));
    if (typeof value !== 'string' || !value.startsWith('@')) return value;
    const name = value.slice(1);
    const request = this.#answered.get(name)?.value as { clientMessageId?: string } | undefined;
    const known = { me, peer, third, inbox: inboxId }[name] ?? this.#app.idOf(name) ?? request?.clientMessageId;
    if (known === undefined) throw new Error(`nothing is called ${value}`);
    return known;
  }

  #judge(): void {
    const [left] = this.#came;
    if (left !== undefined) throw new Error(`a ${snake(left.name)} was not expected: ${JSON.stringify(left.value)}`);
    const { seen } = this.#app;
    const { events = [], outgoing = [], signals = [], shown = {}, ...others } = this.#scenario.expected;
    const expected: Required<Expected> = { ...others, events, outgoing, signals, shown };
    for (const name of Object.keys(expected) as (keyof Expected)[]) {
      if (!(name in seen)) throw new Error(`an app sees no '${name}'`);
      if (!isDeepStrictEqual(seen[name], expected[name]))
        throw new Error(`${name} are\n${JSON.stringify(seen[name], null, 2)}\nnot\n${JSON.stringify(expected[name], null, 2)}`);
    }
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What is nil, empty or left out is the same. */
function plain(value: unknown): unknown {
  const isNothing = (inner: unknown): boolean => inner === null || (Array.isArray(inner) && inner.length === 0);
  return JSON.parse(JSON.stringify(value, (_, inner: unknown) => (isNothing(inner) ? undefined : inner)) ?? 'null');
}

/** The next event's, which no message of one's own has. */
function idOf(chat: FakeChat): string {
  return `${chat.chatId.toString(16).padStart(16, '0')}${(chat.head + 1).toString(16).padStart(16, '0')}`;
}
