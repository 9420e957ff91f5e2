// @vitest-environment happy-dom
import type { CallRecord, CallsEvents } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, ref } from 'vue';
import { createCallDesk, mediaFault } from '../../src/calls/callDesk';
import { MediaRefused } from '../../src/calls/mediaDevices';

const scopes: ReturnType<typeof effectScope>[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
  vi.useRealTimers();
});

const record = (callId: number, over: Partial<CallRecord> = {}): CallRecord => ({
  callId,
  chatId: 7,
  callerId: 2,
  receiverId: 1,
  kind: 'voice',
  status: 'ringing',
  reason: null,
  outgoing: false,
  part: 'ringing',
  startedAt: '2026-11-28T10:00:00Z',
  answeredAt: null,
  endedAt: null,
  duration: null,
  participants: [],
  ...over,
});

function setup(active: CallRecord[] = []) {
  const heard = new Map<string, (payload: never) => void>();
  const on = (event: string, handler: (payload: never) => void) => {
    heard.set(event, handler);
    return () => void heard.delete(event);
  };
  const calls = { on, active: vi.fn(async () => active), decline: vi.fn(async () => undefined), close: vi.fn() };
  const hangUp = vi.fn(async () => undefined);
  const phase = ref('ringing');
  const run = vi.fn((wish: object) => ({ wish, phase, hangUp }));
  const told = { onFault: vi.fn(), onMissed: vi.fn(), onElsewhere: vi.fn() };
  const scope = effectScope();
  scopes.push(scope);
  const desk = scope.run(() => createCallDesk({ client: { on }, server: {}, meId: 1 } as never, { calls, run, ...told } as never));
  if (!desk) throw new Error('no scope');
  const tell = <K extends keyof CallsEvents>(event: K, payload: CallsEvents[K]) => heard.get(event)?.(payload as never);
  const online = () => heard.get('state')?.({ to: { kind: 'online' } } as never);
  const ringing = () => desk.ringing.value.map(({ callId }) => callId);
  return { desk, calls, run, told, tell, online, ringing, phase, hangUp, heard, leave: () => scope.stop() };
}
type Ports = { onJoined: (callId: number) => void; onUnanswered: () => void };
const portsOf = ({ run }: ReturnType<typeof setup>) => (run.mock.calls[0] as unknown as [object, Ports])[1];
const settle = () => vi.advanceTimersByTimeAsync(0);

it('rings until it is told to stop, and says why where another device answered', async () => {
  const { tell, ringing, told } = setup();
  await settle();
  tell('ringing', record(5));
  tell('ringing', record(5));
  tell('ringing', record(6));
  expect(ringing()).toEqual([5, 6]);
  tell('stopped', { callId: 5, why: 'answered_elsewhere' });
  tell('stopped', { callId: 6, why: 'ended' });
  expect([ringing(), told.onElsewhere.mock.calls.length]).toEqual([[], 1]);
});

it('a page that comes while it rings asks, and asks again after a reconnect and while it rings', async () => {
  const active = [record(5), record(6, { part: 'in' }), record(8, { outgoing: true }), record(9, { endedAt: '2026-11-28T10:01:00Z' })];
  const { calls, ringing, online } = setup(active);
  await settle();
  expect(ringing()).toEqual([5]);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(calls.active).toHaveBeenCalledTimes(2);
  active.length = 0;
  online();
  await settle();
  expect(ringing()).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls.active).toHaveBeenCalledTimes(3);
  calls.active.mockRejectedValueOnce(new Error('away'));
  online();
  await settle();
  expect(ringing()).toEqual([]);
});

it('an answer says nothing of what was heard of since it was asked', async () => {
  const { calls, tell, ringing, desk } = setup();
  await settle();
  const answers: ((live: CallRecord[]) => void)[] = [];
  calls.active.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  tell('ringing', record(5));
  tell('ringing', record(6));
  await vi.advanceTimersByTimeAsync(15_000);
  tell('ringing', record(7));
  tell('stopped', { callId: 6, why: 'answered_elsewhere' });
  await desk.decline(record(5));
  answers[0]?.([record(5), record(6), record(8)]);
  await settle();
  expect(ringing()).toEqual([7, 8]);
  await vi.advanceTimersByTimeAsync(15_000);
  answers[1]?.([]); // asked after all of it: what it does not name rings no more
  await settle();
  expect(ringing()).toEqual([]);
});

it('an older answer does not come over a newer one', async () => {
  const { calls, ringing, online } = setup();
  await settle();
  const answers: ((live: CallRecord[]) => void)[] = [];
  calls.active.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
  online();
  online();
  answers[1]?.([record(6)]);
  answers[0]?.([record(5)]);
  await settle();
  expect(ringing()).toEqual([6]);
});

it('a call that rings and that one comes into by starting one there is silent', async () => {
  const made = setup([record(5)]);
  await settle();
  expect(made.ringing()).toEqual([5]);
  made.desk.start(7, 'voice');
  portsOf(made).onJoined(5);
  expect(made.ringing()).toEqual([]);
});

it('what was to be answered and could not be rings on, if it still does', async () => {
  const made = setup([record(5)]);
  await settle();
  await made.desk.answer(record(5), false);
  expect(made.ringing()).toEqual([]);
  made.phase.value = 'over';
  portsOf(made).onUnanswered();
  await settle();
  expect(made.ringing()).toEqual([5]);
});

it('who takes a second call has hung up the first one before', async () => {
  const { desk, run, hangUp, phase, tell, ringing } = setup();
  desk.start(9, 'voice');
  tell('ringing', record(5));
  let hungUp: () => void = () => undefined;
  hangUp.mockImplementationOnce(() => {
    phase.value = 'over';
    return new Promise((resolve) => (hungUp = () => resolve(undefined)));
  });
  const answered = desk.answer(record(5), false);
  expect([ringing(), run.mock.calls.length]).toEqual([[], 1]);
  hungUp();
  await answered;
  expect(run.mock.calls[1]?.[0]).toMatchObject({ ringing: { callId: 5 } });
});

it('counts what was missed, and tells it', () => {
  const { tell, desk, told, ringing } = setup();
  tell('ringing', record(5));
  tell('missed', { callId: 5, callerId: 2 });
  expect([desk.missed.value, ringing(), told.onMissed.mock.calls, desk.changes.value]).toEqual([1, [], [[2]], 1]);
});

it('takes part in one call at a time; one that is over gives way to the next', () => {
  const { desk, run, tell, ringing, phase } = setup();
  tell('ringing', record(5, { kind: 'video' }));
  const [ring] = desk.ringing.value;
  if (ring) void desk.answer(ring, false);
  expect(run.mock.calls[0]?.[0]).toEqual({ chatId: 7, kind: 'video', ringing: ring, withCamera: false });
  expect([ringing(), desk.isBusy.value]).toEqual([[], true]);
  desk.start(9, 'voice');
  expect(run).toHaveBeenCalledOnce();
  desk.put();
  expect(desk.current.value).not.toBeNull();
  phase.value = 'over';
  expect(desk.isBusy.value).toBe(false);
  desk.start(9, 'voice');
  expect(run.mock.calls[1]?.[0]).toEqual({ chatId: 9, kind: 'voice', ringing: null, withCamera: true });
  desk.put();
  expect(desk.current.value).toBeNull();
});

it('what is answered here does not ring again meanwhile', () => {
  const { desk, tell, ringing } = setup();
  tell('ringing', record(5));
  const [ring] = desk.ringing.value;
  if (ring) void desk.answer(ring, true);
  tell('ringing', record(5));
  expect(ringing()).toEqual([]);
});

it('declined, it is silent at once, though the service cannot be told', async () => {
  const { desk, tell, ringing, calls } = setup();
  tell('ringing', record(5));
  calls.decline.mockRejectedValueOnce(new Error('away'));
  await expect(desk.decline(record(5))).rejects.toThrow('away');
  expect(ringing()).toEqual([]);
});

it('hangs up when the page goes, and hears nothing any more when it is left', () => {
  const { desk, hangUp, heard, calls, leave } = setup();
  desk.start(7, 'voice');
  dispatchEvent(new Event('pagehide'));
  expect(hangUp).toHaveBeenCalledTimes(1);
  leave();
  expect([hangUp.mock.calls.length, heard.size, calls.close.mock.calls.length]).toEqual([2, 0, 1]);
});

it('knows a fault of the microphone from any other', () => {
  expect(mediaFault(new MediaRefused('denied', null))).toBe('denied');
  expect(mediaFault(new Error('other'))).toBeNull();
});
