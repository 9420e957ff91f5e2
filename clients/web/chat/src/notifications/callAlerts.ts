import type { CallRecord, PushContent } from '@chat/sdk';
import type { PushedCall } from '@chat/sdk/worker';
import { type Ref, watch } from 'vue';
import type { CallDesk } from '../calls/callDesk';

export interface CallPorts {
  readonly isWanted: () => boolean;
  readonly nameOf: (principalId: number) => string | undefined;
  /** Of a group. */
  readonly chatNameOf: (chatId: number) => string | null;
  readonly content: () => PushContent;
  readonly tell: (call: PushedCall) => void;
}

/** Tells of calls that ring while nobody looks, and what became of them. */
export function followCalls(desk: Readonly<Ref<CallDesk | null>>, { isWanted, nameOf, chatNameOf, content, tell }: CallPorts): void {
  const told = new Map<number, CallRecord>();
  const missed = new Set<number>();

  function say(kind: PushedCall['kind'], { callId, chatId, callerId, kind: callKind, startedAt }: CallRecord): void {
    const name = content() === 'none' ? undefined : nameOf(callerId);
    const sender = name === undefined ? null : { id: callerId, name };
    tell({ kind, chatId, callId, callKind, sender, chatName: content() === 'none' ? null : chatNameOf(chatId), at: startedAt });
  }

  watch(
    desk,
    (now, _before, onCleanup) => {
      if (!now) return;
      onCleanup(now.calls.on('missed', ({ callId }) => missed.add(callId)));
      onCleanup(
        watch(now.ringing, (ringing) => {
          for (const call of ringing) {
            if (told.has(call.callId) || !isWanted()) continue;
            told.set(call.callId, call);
            say('call', call);
          }
          for (const call of told.values()) {
            if (ringing.some(({ callId }) => callId === call.callId)) continue;
            told.delete(call.callId);
            say(missed.delete(call.callId) ? 'missed_call' : 'call_ended', call);
          }
        }),
      );
    },
    { immediate: true },
  );
}
