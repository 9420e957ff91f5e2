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
  const missed = ref(0);
  /** Counts calls that ended or were missed: the history is another one then. */
  const changes = ref(0);

  function ring(call: CallRecord): void {
    if (current.value?.wish.ringing?.callId === call.callId) return;
    ringing.value = [...ringing.value.filter(({ callId }) => callId !== call.callId), call];
  }

  function silence(callId: number): void {
    ringing.value = ringing.value.filter((call) => call.callId !== callId);
  }

  /** A page that was opened, or came back, while it rings elsewhere rings too. */
  async function ask(): Promise<void> {
    try {
      const live = await calls.active();
      ringing.value = [];
      for (const call of live) if (call.part === 'ringing' && !call.outgoing && call.endedAt === null) ring(call);
    } catch {
      // What rings is told by the connection, too; it is asked for again with the next one.
    }
  }

  function begin(wish: CallWish): void {
    if (current.value && current.value.phase.value !== 'over') return;
    if (wish.ringing) silence(wish.ringing.callId);
    current.value = run(wish, { calls, meId, onFault });
  }

  const stops = [
    calls.on('ringing', ring),
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
    /** A call is made, or goes on. */
    isBusy: computed(() => current.value !== null && current.value.phase.value !== 'over'),
    start: (chatId: number, kind: CallWish['kind']) => begin({ chatId, kind, ringing: null, withCamera: true }),
    answer: (call: CallRecord, withCamera: boolean) => begin({ chatId: call.chatId, kind: call.kind, ringing: call, withCamera }),
    async decline(call: CallRecord): Promise<void> {
      silence(call.callId);
      await calls.decline(call.callId);
    },
    /** The call that is over is looked at no more. */
    put(): void {
      if (current.value?.phase.value === 'over') current.value = null;
      changes.value += 1;
    },
  };
}
