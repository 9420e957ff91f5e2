import type { CallRecord, PushContent } from '@chat/sdk';
import { afterEach, expect, it } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import type { CallDesk } from '../../src/calls/callDesk';
import { followCalls } from '../../src/notifications/callAlerts';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const callOf = (callId: number) =>
  ({ callId, chatId: 7, callerId: 2, kind: 'voice', startedAt: '2026-11-28T12:00:00Z' }) as unknown as CallRecord;

function setup() {
  const ringing = shallowRef<readonly CallRecord[]>([]);
  const missed = new Set<(news: { callId: number }) => void>();
  const calls = { on: (_kind: string, handler: (news: { callId: number }) => void) => (missed.add(handler), () => missed.delete(handler)) };
  const desk = shallowRef<CallDesk | null>(null);
  const at = { wanted: true, content: 'full' as PushContent };
  const told: string[] = [];
  const scope = effectScope();
  scopes.push(scope);
  scope.run(() =>
    followCalls(desk, {
      isWanted: () => at.wanted,
      nameOf: (id) => (id === 2 ? 'Ben' : undefined),
      chatNameOf: () => 'Team',
      content: () => at.content,
      tell: ({ kind, callId, sender, chatName }) => told.push(`${kind} ${callId} ${sender?.name ?? '-'} ${chatName ?? '-'}`),
    }),
  );
  const show = async (...now: CallRecord[]) => {
    ringing.value = now;
    await nextTick();
  };
  return { desk, made: { ringing, calls } as unknown as CallDesk, show, missed, at, told, scope };
}

it('tells of a call that rings while nobody looks, and what became of it', async () => {
  const { desk, made, show, missed, told } = setup();
  desk.value = made;
  await nextTick();
  await show(callOf(3));
  await show(callOf(3), callOf(4));
  for (const handler of missed) handler({ callId: 4 });
  await show(callOf(3));
  await show();
  expect(told).toEqual(['call 3 Ben Team', 'call 4 Ben Team', 'missed_call 4 Ben Team', 'call_ended 3 Ben Team']);
});

it('says nothing of a call that one sees, and no more than it may', async () => {
  const { desk, made, show, at, told } = setup();
  desk.value = made;
  await nextTick();
  at.wanted = false;
  await show(callOf(3));
  await show();
  expect(told).toEqual([]);
  Object.assign(at, { wanted: true, content: 'none' });
  await show(callOf(5));
  expect(told).toEqual(['call 5 - -']);
});

it('hears nothing any more when the page is left', async () => {
  const { desk, made, show, missed, told, scope } = setup();
  desk.value = made;
  await nextTick();
  scope.stop();
  await show(callOf(3));
  expect([told, missed.size]).toEqual([[], 0]);
});
