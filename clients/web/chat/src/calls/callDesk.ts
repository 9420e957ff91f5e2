import { type CallRecord, type Calls, type ChatClient, createCalls } from '@chat/sdk';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { Connection } from '../connection/useConnection';
import { MediaRefused } from './mediaDevices';
import { type CallPorts, type CallWish, createRunningCall, type RunningCall } from './runningCall';

export type CallDesk = ReturnType<typeof createCallDesk>;

/** Why a call has nothing to send, if that is what went wrong. */
export function mediaFault(error: unknown): MediaRefused['fault'] | null {
  return error instanceof MediaRefused ? error.fault : null;
}

/** What rings is asked for again this often: an end that was missed with the connection silences it all the same. */
const AskAgainMs = 15_000;

export interface DeskPorts {
  readonly calls?: Calls;
  readonly run?: typeof createRunningCall;
  readonly onFault: CallPorts['onFault'];
  readonly onMissed: (callerId: number) => void;
  readonly onElsewhere: () => void;
}

/** What rings on this page, the one call that it takes part in, and how many were missed since somebody looked. */
export function createCallDesk(
  { client, server, meId }: { readonly client: Pick<ChatClient, 'on' | 'me' | 'wire'> } & Pick<Connection, 'server' | 'meId'>,
  { onFault, onMissed, onElsewhere, run = createRunningCall, ...ports }: DeskPorts,
) {
  const calls = ports.calls ?? createCalls(client as ChatClient, server);
  const ringing = shallowRef<readonly CallRecord[]>([]);
  const current = shallowRef<RunningCall | null>(null);
  /** A call is made, or goes on. */
  const isBusy = computed(() => current.value !== null && current.value.phase.value !== 'over');
  const missed = ref(0);
  /** Counts calls that ended or were missed: the history is another one then. */
  const changes = ref(0);
  /** Which question for what rings is the last one, and of which the answer is shown. */
  let turn = 0;
  let shownTurn = 0;
  /** The last question that was asked when a call was heard of: the answer to it, and to those before, is older than that. */
  const heardAt = new Map<number, number>();

  function ring(call: CallRecord): void {
    if (isBusy.value && current.value?.wish.ringing?.callId === call.callId) return;
    ringing.value = [...ringing.value.filter(({ callId }) => callId !== call.callId), call];
  }

  function silence(callId: number): void {
    heardAt.set(callId, turn);
    ringing.value = ringing.value.filter((call) => call.callId !== callId);
  }

  /** A page that was opened, or came back, while it rings elsewhere rings too. */
  async function ask(): Promise<void> {
    turn += 1;
    const mine = turn;
    try {
      const live = await calls.active();
      if (mine < shownTurn) return;
      shownTurn = mine;
      const isHeard = (callId: number) => (heardAt.get(callId) ?? 0) >= mine;
      ringing.value = ringing.value.filter(({ callId }) => isHeard(callId));
      for (const call of live) {
        if (call.part === 'ringing' && !call.outgoing && call.endedAt === null && !isHeard(call.callId)) ring(call);
      }
      for (const [callId, at] of heardAt) if (at < mine) heardAt.delete(callId);
    } catch {
      // What rings is told by the connection, too; it is asked for again with the next one.
    }
  }

  function begin(wish: CallWish): void {
    if (isBusy.value) return;
    if (wish.ringing) silence(wish.ringing.callId);
    current.value = run(wish, { calls, meId, onFault, onJoined: silence, onUnanswered: () => void ask() });
  }

  const stops = [
    calls.on('ringing', (call) => {
      heardAt.set(call.callId, turn);
      ring(call);
    }),
    calls.on('stopped', ({ callId, why }) => {
      const rang = ringing.value.some((call) => call.callId === callId);
      silence(callId);
      changes.value += 1;
      if (rang && why === 'answered_elsewhere') onElsewhere();
    }),
    calls.on('missed', ({ callId, callerId }) => {
      silence(callId);
      missed.value += 1;
      changes.value += 1;
      onMissed(callerId);
    }),
    calls.on('error', onFault),
    client.on('state', ({ to }) => {
      if (to.kind === 'online') void ask();
    }),
  ];
  const again = setInterval(() => {
    if (ringing.value.length > 0) void ask();
  }, AskAgainMs);
  const leave = () => void current.value?.hangUp();
  addEventListener('pagehide', leave);
  onScopeDispose(() => {
    for (const stop of stops) stop();
    clearInterval(again);
    removeEventListener('pagehide', leave);
    leave();
    calls.close();
  });
  void ask();

  return {
    calls,
    ringing,
    current,
    missed,
    changes,
    isBusy,
    start: (chatId: number, kind: CallWish['kind']) => begin({ chatId, kind, ringing: null, withCamera: true }),
    /** Takes what rings. A call that goes on is hung up before, and the service knows it then: it lets nobody be in two. */
    async answer(call: CallRecord, withCamera: boolean): Promise<void> {
      silence(call.callId);
      if (isBusy.value) await current.value?.hangUp();
      begin({ chatId: call.chatId, kind: call.kind, ringing: call, withCamera });
    },
    async decline(call: CallRecord): Promise<void> {
      silence(call.callId);
      await calls.decline(call.callId);
      silence(call.callId); // whatever was asked before the service knew
    },
    /** The call that is over is looked at no more. */
    put(): void {
      if (current.value?.phase.value === 'over') current.value = null;
      changes.value += 1;
    },
  };
}
