import type { ChatClient, ChatEvent, ChatItem, LinkPreview, OutgoingMessage } from '../../../src/api.js';
import { createMessageActions, type MessageActions } from '../../../src/chats/message-actions.js';
import { createTyping, type Typing } from '../../../src/chats/typing.js';
import { createClient } from '../../../src/client.js';
import { closeCodes, eventKinds } from '../../../src/codes.js';
import type { CloseReason, ConnectionState } from '../../../src/connection/state.js';
import { errorName } from '../../../src/error-name.js';
import { ChatError } from '../../../src/errors.js';
import * as localErrors from '../../../src/local-errors.js';
import type { Clock, TransportFactory } from '../../../src/ports.js';
import { me, peer } from '../fake-server.js';
import { camelCased } from '../vectors.js';
import type { Expected, Step } from './scenario.js';

export const third = 3;
const people = new Map([
  [me, 'me'],
  [peer, 'peer'],
  [third, 'third'],
]);

type Lists = { [K in 'states' | 'tokens' | 'events' | 'outgoing' | 'signals']: string[] };

/** The app of a scenario: the one place that knows the client's API. It says what it sees in the words of tests/vectors/behaviour. */
export class ScenarioApp {
  readonly #client: ChatClient;
  readonly #actions: MessageActions;
  readonly #typing: Typing;
  readonly #wake: { signal: (kind: 'online' | 'visible') => void } = { signal: () => {} };
  readonly #sent = new Map<string, { message: OutgoingMessage; told: string }>();
  readonly #opened: number[] = [];
  readonly #lists: Lists = { states: [], tokens: [], events: [], outgoing: [], signals: [] };
  /** What the next calls for a token are answered with. */
  readonly #tokenFaults: ChatError[] = [];
  #inbox = 0;

  constructor(ports: { transport: TransportFactory; clock: Clock; jitter: number; inbox: number }) {
    this.#inbox = ports.inbox;
    this.#client = createClient({
      url: 'http://chat.test:8080',
      token: (why) => this.#token(why),
      transport: ports.transport,
      clock: ports.clock,
      random: () => ports.jitter,
      wakeSignals: {
        listen: (handler) => {
          this.#wake.signal = handler;
          return () => {};
        },
      },
    });
    this.#actions = createMessageActions(this.#client);
    const { events, states, signals } = this.#lists;
    this.#client.on('state', ({ to }) => states.push(stateOf(to)));
    this.#client.on('message', (event) => events.push(eventOf(event)));
    this.#client.on('discontinuity', ({ chatId }) => {
      if (chatId !== this.#inbox) events.push(`${chatId} discontinuity`);
    });
    const typed = new Map<number, readonly number[]>();
    this.#typing = createTyping(this.#client, (chatId) => {
      const [before, now] = [typed.get(chatId) ?? [], this.#typing.typists(chatId)];
      typed.set(chatId, now);
      for (const id of now) if (!before.includes(id)) signals.push(`${chatId} ${nameOf(id)} types`);
      for (const id of before) if (!now.includes(id)) signals.push(`${chatId} ${nameOf(id)} stops typing`);
    });
    this.#client.on('receipts', ({ chatId, receipts }) => {
      for (const { principalId, deliveredUpTo, readUpTo } of receipts)
        signals.push(`${chatId} ${nameOf(principalId)} delivered #${deliveredUpTo} read #${readUpTo}`);
    });
  }

  /** What was seen of each kind, and what the opened chats show now. */
  get seen(): Required<Expected> {
    const shown = Object.fromEntries(this.#opened.map((chatId) => [chatId, this.#client.chat(chatId).messages.items.map(itemOf)]));
    return { ...this.#lists, shown };
  }

  /** The id of a message that the scenario named. */
  idOf(name: string): string | undefined {
    return this.#sent.get(name)?.message.clientMessageId;
  }

  do(step: Step): void {
    const chat = () => this.#client.chat(need(step, 'chat_id'));
    switch (step.app) {
      case 'connect':
        this.#client.connect().catch(() => {}); // told by the states
        return;
      case 'close':
        void this.#client.close();
        return;
      case 'wake':
        this.#wake.signal('online');
        this.#wake.signal('visible');
        return;
      case 'token_fails':
        this.#tokenFaults.push(tokenFault(step));
        return;
      case 'send':
        this.#send(step);
        return;
      case 'retry':
        this.#named(step).retry();
        return;
      case 'cancel':
        this.#named(step).cancel();
        return;
      case 'open':
        this.#opened.push(need(step, 'chat_id'));
        void chat().open();
        return;
      case 'edit':
        this.#actions.edit(need(step, 'chat_id'), need(step, 'sequence'), need(step, 'text')).catch(this.#refused('edit'));
        return;
      case 'delete':
        this.#actions.delete(need(step, 'chat_id'), need(step, 'sequence')).catch(this.#refused('delete'));
        return;
      case 'react':
        this.#actions.react(need(step, 'chat_id'), need(step, 'sequence'), step.emoji ?? null).catch(this.#refused('react'));
        return;
      case 'mark_read':
        chat().markRead(need(step, 'sequence'));
        return;
      case 'type':
        this.#typing.start(need(step, 'chat_id'));
        return;
      default:
        throw new Error(`An app does no '${step.app}'.`);
    }
  }

  /** Notes the messages whose state is another than before. */
  note(): void {
    for (const [name, held] of this.#sent) {
      const now = outgoingOf(held.message);
      if (now === held.told) continue;
      held.told = now;
      this.#lists.outgoing.push(`${name} ${now}`);
    }
  }

  close(): void {
    void this.#client.close();
  }

  async #token(why: string): Promise<string> {
    this.#lists.tokens.push(why);
    const fault = this.#tokenFaults.shift();
    if (fault !== undefined) throw fault;
    return `token-${this.#lists.tokens.length}`;
  }

  #send(step: Step): void {
    const link = step.link && (camelCased(step.link) as LinkPreview);
    const message = this.#client.chat(need(step, 'chat_id')).send({
      text: need(step, 'text'),
      ...(step.reply_to === undefined ? {} : { replyTo: step.reply_to }),
      ...(link ? { content: { kind: 'text', link } } : {}),
    });
    this.#sent.set(need(step, 'as'), { message, told: '' });
  }

  #named(step: Step): OutgoingMessage {
    const name = need(step, 'message');
    const held = this.#sent.get(name);
    if (held === undefined) throw new Error(`No message was sent as '${name}'.`);
    return held.message;
  }

  #refused(what: string): (thrown: unknown) => void {
    return (thrown) => this.#lists.outgoing.push(`${what} failed: ${errorOf(thrown)}`);
  }
}

export function need<K extends keyof Step>(step: Step, name: K): NonNullable<Step[K]> {
  const value = step[name];
  if (value === undefined || value === null) throw new Error(`The step ${JSON.stringify(step)} needs '${name}'.`);
  return value as NonNullable<Step[K]>;
}

function nameOf(principalId: number): string {
  return people.get(principalId) ?? String(principalId);
}

/** By the code, in the words of protocol-spec.md §9.1. Which code a message has whose client was closed is each SDK's own. */
function errorOf(thrown: unknown): string {
  const { code } = thrown as ChatError;
  if (code === localErrors.connection_closed) return 'closed';
  return errorName(code);
}

/** Codes that no peer sent are each SDK's own. */
function reasonOf({ code }: CloseReason): string {
  if (code >= 4000) return `: ${Object.entries(closeCodes).find(([, known]) => known === code)?.[0] ?? code}`;
  return code > 0 && code < 1000 ? `: ${errorName(code)}` : '';
}

function stateOf(state: ConnectionState): string {
  if (state.kind === 'waiting') return `waiting${reasonOf(state.reason)}`;
  if (state.kind === 'closed') return `closed${state.reason === null ? '' : reasonOf(state.reason)}`;
  return state.kind;
}

function outgoingOf(message: OutgoingMessage): string {
  const { state, sequence, error } = message;
  if (state === 'failed') return `failed: ${errorOf(error)}`;
  return sequence === null ? state : `${state} #${sequence}`;
}

function eventOf(event: ChatEvent): string {
  const { chatId, sequence, kind, senderId, text, target, subjectId } = event;
  const head = `${chatId}#${sequence} ${nameOf(senderId)}`;
  if (kind === 'message') return `${head}: ${text}`;
  if (kind === 'edited' || kind === 'deleted' || kind === 'reaction')
    return `${head} ${kind} #${target}${kind === 'deleted' ? '' : `: ${text}`}`;
  return `${head} ${kind}${subjectId === undefined ? '' : ` ${nameOf(subjectId)}`}`;
}

function itemOf(item: ChatItem): string {
  const { sequence, senderId, text, kind, changes } = item;
  const head = `${sequence === null ? '…' : `#${sequence}`} ${nameOf(senderId)}`;
  if (kind !== 'message') return `${head} ${kind in eventKinds ? kind : 'unknown'}`;
  if (changes?.deletedAtMs) return `${head} deleted`;
  const reactions = changes?.reactions.map(({ emoji, count }) => ` ${emoji}${count}`).join('') ?? '';
  return `${head}: ${text}${changes?.editedAtMs ? ' (edited)' : ''}${reactions}`;
}

function tokenFault(step: Step): ChatError {
  const code = need(step, 'code');
  return new ChatError(code, 'The scenario says so.', { retryable: code >= 400, retryAfterMs: step.retry_after_ms });
}
