import type { CallRecord, OngoingCallEvents, PeerCallEvents } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MediaRefused, openCamera, openMedia, openTrack } from '../../src/calls/mediaDevices';
import { type CallWish, createRunningCall } from '../../src/calls/runningCall';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.stubGlobal('MediaStream', FakeStream);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

interface FakeTrack {
  readonly kind: 'audio' | 'video';
  enabled: boolean;
  readonly stop: () => void;
}
const trackOf = (kind: 'audio' | 'video'): FakeTrack => ({ kind, enabled: true, stop: vi.fn() });

class FakeStream {
  readonly tracks: FakeTrack[];

  constructor(tracks: FakeTrack[]) {
    this.tracks = [...tracks];
  }
  getTracks = () => [...this.tracks];
  getAudioTracks = () => this.tracks.filter(({ kind }) => kind === 'audio');
  getVideoTracks = () => this.tracks.filter(({ kind }) => kind === 'video');
  addTrack = (track: FakeTrack) => void this.tracks.push(track);
  removeTrack = (track: FakeTrack) => void this.tracks.splice(this.tracks.indexOf(track), 1);
}

const voice: CallWish = { chatId: 7, kind: 'voice', ringing: null, withCamera: true };

function setup(wish: CallWish = voice, others: number[] = [], over: OngoingCallEvents['ended'] | null = null) {
  const heard = new Map<string, (payload: never) => void>();
  const on = (event: string, handler: (payload: never) => void) => {
    heard.set(event, handler);
    return () => void heard.delete(event);
  };
  const ongoing = {
    on,
    others: new Set(others),
    over,
    record: { reason: over ? 'busy' : null } as CallRecord,
    callId: 70,
    end: vi.fn(async () => undefined),
  };
  const stream = new FakeStream([trackOf('audio'), ...(wish.kind === 'video' && wish.withCamera ? [trackOf('video')] : [])]);
  const peer = {
    on,
    end: vi.fn(async () => undefined),
    enable: vi.fn(),
    replace: vi.fn(async (track: FakeTrack) => {
      for (const old of stream.getTracks()) if (old.kind === track.kind) stream.removeTrack(old);
      stream.addTrack(track);
    }),
  };
  const calls = {
    start: vi.fn(async () => ongoing),
    answer: vi.fn(async () => ongoing),
    decline: vi.fn(async (_: number) => undefined),
    iceServers: vi.fn(async () => []),
  };
  const open = vi.fn(async (_: string) => stream);
  const addCamera = vi.fn(async () => trackOf('video'));
  const openOne = vi.fn(async (kind: 'audio' | 'video', _: string) => trackOf(kind));
  const told = { onFault: vi.fn(), onJoined: vi.fn(), onUnanswered: vi.fn() };
  const connect = vi.fn(() => peer);
  const call = createRunningCall(wish, { calls, meId: 1, ...told, open, openOne, addCamera, connect } as never);
  const tell = <K extends keyof PeerCallEvents | 'joined'>(event: K, payload: unknown) => heard.get(event)?.(payload as never);
  return { call, calls, peer, ongoing, stream, open, openOne, addCamera, connect, ...told, tell };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

it('asks for the microphone, rings, is taken, and counts from when the other one is there', async () => {
  const { call, tell, calls, open } = setup();
  expect([call.phase.value, calls.start.mock.calls.length]).toEqual(['asking', 0]);
  await settle();
  expect([call.phase.value, open.mock.calls, calls.start.mock.calls]).toEqual(['ringing', [['voice']], [[7, 'voice']]]);
  tell('joined', 2);
  expect([call.phase.value, call.talkingSince.value]).toEqual(['connecting', null]);
  tell('state', { principalId: 2, state: 'connected' });
  expect([call.phase.value, call.talkingSince.value]).toEqual(['talking', 1_000_000]);
  tell('state', { principalId: 2, state: 'disconnected' });
  expect([call.phase.value, call.participants.value]).toEqual([
    'talking',
    [{ principalId: 2, stream: null, isConnected: false, wasConnected: true }],
  ]);
  const theirs = new FakeStream([]);
  tell('stream', { principalId: 2, stream: theirs });
  expect(call.participants.value[0]?.stream).toBe(theirs);
  tell('gone', 2);
  expect(call.participants.value).toEqual([]);
});

it('who refuses the microphone makes nobody’s telephone ring', async () => {
  const { call, calls, open, onFault } = setup();
  open.mockReset();
  const refused = new MediaRefused('denied', null);
  const second = createRunningCall(voice, {
    calls,
    meId: 1,
    onFault,
    open: () => Promise.reject(refused),
  } as never);
  await settle();
  expect([second.phase.value, second.outcome.value, onFault.mock.calls]).toEqual(['over', 'failed', [[refused]]]);
  expect(calls.start).toHaveBeenCalledOnce(); // of the first one alone
  expect(call.phase.value).toBe('ringing');
});

it('answers what rings, without the camera where that is wanted', async () => {
  const ringing = { callId: 70, callerId: 2 } as CallRecord;
  const { call, calls, open } = setup({ chatId: 7, kind: 'video', ringing, withCamera: false }, [2]);
  await settle();
  expect([calls.answer.mock.calls, open.mock.calls, call.phase.value, call.hasCamera.value]).toEqual([
    [[70]],
    [['voice']],
    'connecting',
    false,
  ]);
});

it('says how it ended, and lets go of microphone and camera', async () => {
  const { call, stream, tell } = setup({ ...voice, kind: 'video' });
  await settle();
  expect([call.hasCamera.value, call.cameraOn.value]).toEqual([true, true]);
  tell('ended', 'declined');
  expect([call.phase.value, call.outcome.value, call.own.value]).toEqual(['over', 'declined', null]);
  for (const track of stream.getTracks()) expect(track.stop).toHaveBeenCalledOnce();
});

it('says that somebody is busy', async () => {
  const { call } = setup(voice, [], 'missed');
  await settle();
  expect([call.phase.value, call.outcome.value]).toEqual(['over', 'busy']);
});

it('hangs up once, also before it was made', async () => {
  const { call, peer } = setup();
  await settle();
  await call.hangUp();
  expect([call.outcome.value, peer.end.mock.calls.length]).toEqual(['missed', 1]);
  const early = setup();
  await early.call.hangUp();
  await settle();
  expect([early.calls.start.mock.calls.length, early.call.phase.value]).toEqual([0, 'over']);
  expect(early.stream.getTracks()[0]?.stop).toHaveBeenCalledOnce();
});

it('a call that was made while one hung up is ended', async () => {
  const { call, calls, ongoing } = setup();
  let answer: (made: typeof ongoing) => void = () => undefined;
  calls.start.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  await settle();
  await call.hangUp();
  answer(ongoing);
  await settle();
  expect(ongoing.end).toHaveBeenCalledOnce();
});

it('mutes, shows and changes devices, and what is off stays off', async () => {
  const { call, stream, peer, openOne } = setup({ ...voice, kind: 'video' });
  await settle();
  call.setMic(false);
  call.setCamera(false);
  expect(stream.getTracks().map(({ enabled }) => enabled)).toEqual([false, false]);
  expect(peer.enable.mock.calls).toEqual([
    ['audio', false],
    ['video', false],
  ]);
  const [before] = stream.getAudioTracks();
  await call.use('audio', 'second');
  await call.use('audio', 'third');
  expect(before?.stop).toHaveBeenCalledOnce();
  expect(openOne.mock.calls).toEqual([
    ['audio', 'second'],
    ['audio', 'third'],
  ]);
  const shown = call.own.value?.getAudioTracks() as unknown as FakeTrack[];
  expect([shown.length, shown[0]?.enabled, shown[0] === stream.getAudioTracks()[0]]).toEqual([1, false, true]);
});

it('a video call taken without a camera gets one later, once', async () => {
  const { call, peer, addCamera, stream } = setup({ ...voice, kind: 'video', withCamera: false });
  await settle();
  expect([call.hasCamera.value, call.cameraOn.value]).toEqual([false, false]);
  await Promise.all([call.setCamera(true), call.setCamera(true)]);
  expect([call.hasCamera.value, call.cameraOn.value, addCamera.mock.calls.length, peer.replace.mock.calls.length]).toEqual([
    true,
    true,
    1,
    1,
  ]);
  await call.setCamera(false);
  await call.setCamera(true);
  expect([stream.getVideoTracks()[0]?.enabled, addCamera.mock.calls.length]).toEqual([true, 1]);
  const [camera] = stream.getVideoTracks();
  await call.hangUp();
  expect(camera?.stop).toHaveBeenCalledOnce();
});

it('a camera that cannot be had is told, and one that comes when one has hung up is let go of', async () => {
  const refused = setup({ ...voice, kind: 'video', withCamera: false });
  await settle();
  const fault = new MediaRefused('noCamera', null);
  refused.addCamera.mockRejectedValueOnce(fault);
  await refused.call.setCamera(true);
  expect([refused.onFault.mock.calls, refused.call.cameraOn.value, refused.call.phase.value]).toEqual([[[fault]], false, 'ringing']);

  const late = setup({ ...voice, kind: 'video', withCamera: false });
  await settle();
  const camera = trackOf('video');
  late.addCamera.mockResolvedValueOnce(camera);
  const turned = late.call.setCamera(true);
  await late.call.hangUp();
  await turned;
  expect([camera.stop, late.call.own.value]).toEqual([expect.any(Function), null]);
  expect(camera.stop).toHaveBeenCalledOnce();
});

it.each([['never settles'], ['rejects']])('no device stays on where the change to another %s', async (how) => {
  const { call, stream, peer, openOne } = setup();
  await settle();
  const [before] = stream.getAudioTracks();
  const after = trackOf('audio');
  openOne.mockResolvedValueOnce(after);
  peer.replace.mockImplementationOnce(() => (how === 'rejects' ? Promise.reject(new Error('closed')) : new Promise(() => undefined)));
  const changed = call.use('audio', 'second').then(
    () => 'done',
    ({ message }: Error) => message,
  );
  await settle();
  if (how === 'rejects') expect([await changed, call.phase.value]).toEqual(['closed', 'ringing']);
  await call.hangUp();
  for (const track of [before, after]) expect(track?.stop).toHaveBeenCalledOnce();
  expect(call.own.value).toBeNull();
});

it('a device that comes when one has hung up is not shown, and is let go of', async () => {
  const { call, stream, peer, openOne } = setup();
  await settle();
  const after = trackOf('audio');
  openOne.mockResolvedValueOnce(after);
  let replaced: () => void = () => undefined;
  peer.replace.mockImplementationOnce(() => new Promise((resolve) => (replaced = () => resolve(undefined))));
  const changed = call.use('audio', 'second');
  await settle();
  await call.hangUp();
  replaced();
  await changed;
  expect([call.own.value, (after.stop as ReturnType<typeof vi.fn>).mock.calls.length]).toEqual([null, 1]);
  expect(stream.getAudioTracks()[0]?.stop).toHaveBeenCalled();
});

it('a call whose connections cannot be made is ended', async () => {
  const failed = setup();
  const fault = new Error('no WebRTC');
  failed.connect.mockImplementationOnce(() => {
    throw fault;
  });
  await settle();
  expect([failed.call.outcome.value, failed.onFault.mock.calls, failed.ongoing.end.mock.calls.length]).toEqual(['failed', [[fault]], 1]);
  expect(failed.stream.getTracks()[0]?.stop).toHaveBeenCalledOnce();
});

it('hung up while one waits for the servers, it is ended at once', async () => {
  const { call, calls, ongoing, connect, onJoined } = setup();
  calls.iceServers.mockReturnValueOnce(new Promise(() => undefined));
  await settle();
  expect(onJoined.mock.calls).toEqual([[70]]);
  await call.hangUp();
  expect([ongoing.end.mock.calls.length, connect.mock.calls.length]).toEqual([1, 0]);
});

const answered: CallWish = { ...voice, ringing: { callId: 70, callerId: 2 } as CallRecord };

it('taken and hung up before the microphone is there, it is declined', async () => {
  const { call, calls, stream } = setup(answered);
  await call.hangUp();
  await settle();
  expect([calls.decline.mock.calls, calls.answer.mock.calls]).toEqual([[[70]], []]);
  expect(stream.getTracks()[0]?.stop).toHaveBeenCalledOnce();
});

it('taken and hung up while the service is told, it is ended; where the service could not be told, declined', async () => {
  const { call, calls, ongoing } = setup(answered);
  let answer: (made: typeof ongoing) => void = () => undefined;
  calls.answer.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  await settle();
  await call.hangUp();
  answer(ongoing);
  await settle();
  expect([ongoing.end.mock.calls.length, calls.decline.mock.calls.length]).toEqual([1, 0]);
  const away = setup(answered);
  let fail: (error: Error) => void = () => undefined;
  away.calls.answer.mockReturnValueOnce(new Promise((_, reject) => (fail = reject)));
  await settle();
  await away.call.hangUp();
  fail(new Error('away'));
  await settle();
  expect([away.calls.decline.mock.calls, away.onFault.mock.calls]).toEqual([[[70]], []]);
});

it('what was taken and had no microphone is asked about again', async () => {
  const { call, calls, open, onUnanswered } = setup();
  await settle();
  expect(call.phase.value).toBe('ringing');
  open.mockRejectedValueOnce(new MediaRefused('denied', null));
  const refused = createRunningCall(answered, { calls, meId: 1, onFault: vi.fn(), onUnanswered, open } as never);
  await settle();
  expect([refused.outcome.value, onUnanswered.mock.calls.length, calls.answer.mock.calls]).toEqual(['failed', 1, []]);
});

it('a device that cannot be had changes nothing', async () => {
  const { call, openOne, peer } = setup();
  await settle();
  openOne.mockRejectedValueOnce(new Error('in use'));
  await expect(call.use('audio', 'second')).rejects.toThrow('in use');
  expect(peer.replace).not.toHaveBeenCalled();
});

it('a video call without a camera is one by voice; without a microphone there is none', async () => {
  const found = { name: 'stream' };
  const getUserMedia = vi.fn(async ({ video }: MediaStreamConstraints) => {
    if (video) throw new DOMException('none', 'NotFoundError');
    return found as unknown as MediaStream;
  });
  expect(await openMedia('video', { getUserMedia } as never)).toBe(found);
  getUserMedia.mockImplementation(async ({ video }) => {
    if (video) throw new DOMException('no camera', 'NotAllowedError');
    return found as unknown as MediaStream;
  });
  expect(await openMedia('video', { getUserMedia } as never)).toBe(found);
  await expect(
    openMedia('voice', { getUserMedia: () => Promise.reject(new DOMException('', 'NotFoundError')) } as never),
  ).rejects.toMatchObject({ fault: 'missing' });
  await expect(
    openMedia('video', { getUserMedia: () => Promise.reject(new DOMException('', 'NotAllowedError')) } as never),
  ).rejects.toMatchObject({ fault: 'denied' });
});

it('asks for exactly the device that was chosen', async () => {
  const getUserMedia = vi.fn(async (_: MediaStreamConstraints) => new FakeStream([trackOf('video')]) as unknown as MediaStream);
  expect((await openTrack('video', 'front', { getUserMedia } as never)).kind).toBe('video');
  expect(getUserMedia.mock.calls[0]?.[0]).toEqual({ video: { deviceId: { exact: 'front' } } });
});

it('a camera alone: what it cannot be had for is one reason', async () => {
  const track = trackOf('video');
  expect(await openCamera({ getUserMedia: async () => new FakeStream([track]) } as never)).toBe(track);
  for (const getUserMedia of [async () => new FakeStream([]), () => Promise.reject(new DOMException('', 'NotAllowedError'))])
    await expect(openCamera({ getUserMedia } as never)).rejects.toMatchObject({ fault: 'noCamera' });
  vi.stubGlobal('navigator', {}); // a page that is not secure
  await expect(openCamera()).rejects.toMatchObject({ fault: 'noCamera' });
});
