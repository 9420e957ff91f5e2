import { type CallKind, type CallRecord, type Calls, createPeerCall, type OngoingCall, type PeerCall } from '@chat/sdk';
import { computed, ref, shallowRef } from 'vue';
import { openCamera, openMedia, openTrack } from './mediaDevices';

export type RunningCall = ReturnType<typeof createRunningCall>;
export type CallOutcome = 'ended' | 'declined' | 'missed' | 'busy' | 'failed';

/** One of the others who take part. */
export interface Participant {
  readonly principalId: number;
  readonly stream: MediaStream | null;
  readonly isConnected: boolean;
  /** They were there before: what is missing now is to come back. */
  readonly wasConnected: boolean;
}

export interface CallWish {
  readonly chatId: number;
  readonly kind: CallKind;
  /** The call that rings, if it is answered rather than made. */
  readonly ringing: CallRecord | null;
  /** With the camera, or without it though it is a video call. */
  readonly withCamera: boolean;
}

export interface CallPorts {
  readonly calls: Pick<Calls, 'start' | 'answer' | 'decline' | 'iceServers'>;
  readonly meId: number;
  readonly onFault: (error: unknown) => void;
  /** One is in it: also in a call that one started and that others had begun. */
  readonly onJoined: (callId: number) => void;
  /** What was to be answered was not: it may ring on. */
  readonly onUnanswered: () => void;
  readonly open?: typeof openMedia;
  readonly openOne?: typeof openTrack;
  readonly addCamera?: typeof openCamera;
  readonly connect?: typeof createPeerCall;
}

let lastKey = 0;

/** One call that is made or answered here, from the question for the microphone to its end. */
export function createRunningCall(wish: CallWish, ports: CallPorts) {
  const {
    calls,
    meId,
    onFault,
    onJoined,
    onUnanswered,
    open = openMedia,
    openOne = openTrack,
    addCamera = openCamera,
    connect = createPeerCall,
  } = ports;
  lastKey += 1;
  const phase = ref<'asking' | 'ringing' | 'connecting' | 'talking' | 'over'>('asking');
  const outcome = ref<CallOutcome | null>(null);
  const participants = shallowRef<readonly Participant[]>([]);
  const own = shallowRef<MediaStream | null>(null);
  const micOn = ref(true);
  const cameraOn = ref(false);
  /** `Date.now()` when the first one was there; null until then. */
  const talkingSince = ref<number | null>(null);
  /** What the connections send; what is shown of it is a copy, so that it is seen when a track is another one. */
  let sent: MediaStream | null = null;
  /** Every track that is open: one that takes the place of another is for a while in no stream, and is let go of all the same. */
  const opened = new Set<MediaStreamTrack>();
  /** The service was asked for a place in the call. */
  let asked = false;
  let ongoing: OngoingCall | null = null;
  let peer: PeerCall | null = null;

  const hasCamera = computed(() => (own.value?.getVideoTracks().length ?? 0) > 0);
  let isOpening = false;

  const isOver = () => phase.value === 'over';

  async function begin(): Promise<void> {
    try {
      // First: who is not allowed a microphone does not make others' telephones ring.
      const stream = await open(wish.kind === 'video' && wish.withCamera ? 'video' : 'voice');
      for (const track of stream.getTracks()) opened.add(track);
      if (isOver()) return letGo(opened);
      sent = stream;
      own.value = stream;
      cameraOn.value = stream.getVideoTracks().length > 0;
      asked = true;
      const servers = calls.iceServers().catch(() => []); // without them it works where both are in one network
      const joined = await (wish.ringing ? calls.answer(wish.ringing.callId) : calls.start(wish.chatId, wish.kind));
      ongoing = joined; // from here on there is something to be ended
      onJoined(joined.callId);
      if (isOver()) return await end(); // hung up meanwhile
      const iceServers = await servers;
      if (isOver()) return;
      if (joined.over !== null) return finish(joined.record.reason === 'busy' ? 'busy' : joined.over);
      phase.value = joined.others.size > 0 ? 'connecting' : 'ringing';
      follow(joined, stream, iceServers);
    } catch (thrown) {
      const cutShort = isOver();
      if (!cutShort) onFault(thrown);
      finish('failed');
      if (ongoing || !wish.ringing) await end();
      else if (cutShort) await decline(wish.ringing);
      else onUnanswered();
    }
  }

  /** It is over here at once; where the service cannot be told, it sees that by the silence. */
  async function end(): Promise<void> {
    await (peer ?? ongoing)?.end().catch(() => undefined);
  }

  /** Nor does it ring on elsewhere: where that cannot be told, it rings until nobody took it. */
  async function decline({ callId }: CallRecord): Promise<void> {
    await calls.decline(callId).catch(() => undefined);
  }

  function letGo(tracks: Iterable<MediaStreamTrack>): void {
    for (const track of [...tracks]) {
      track.stop();
      opened.delete(track);
    }
  }

  function follow(joined: OngoingCall, stream: MediaStream, iceServers: Awaited<ReturnType<Calls['iceServers']>>): void {
    peer = connect(joined, { me: meId, stream, iceServers });
    for (const other of joined.others) change(other, {});
    joined.on('joined', (other) => {
      if (phase.value === 'ringing') phase.value = 'connecting';
      change(other, {});
    });
    peer.on('stream', ({ principalId, stream: theirs }) => change(principalId, { stream: theirs }));
    peer.on('state', ({ principalId, state }) => {
      change(principalId, state === 'connected' ? { isConnected: true, wasConnected: true } : { isConnected: false });
      if (state !== 'connected' || phase.value === 'over') return;
      talkingSince.value ??= Date.now();
      phase.value = 'talking';
    });
    peer.on('gone', (other) => {
      participants.value = participants.value.filter(({ principalId }) => principalId !== other);
    });
    peer.on('ended', finish);
    peer.on('error', onFault);
  }

  function change(principalId: number, to: Partial<Participant>): void {
    const stranger = { principalId, stream: null, isConnected: false, wasConnected: false };
    const before = participants.value.find((one) => one.principalId === principalId) ?? stranger;
    const rest = participants.value.filter((one) => one.principalId !== principalId);
    participants.value = [...rest, { ...before, ...to }].sort((a, b) => a.principalId - b.principalId);
  }

  function show(on: boolean): void {
    cameraOn.value = on;
    peer?.enable('video', on);
    for (const track of sent?.getVideoTracks() ?? []) track.enabled = on;
  }

  /** Sends a track in the place of that of its kind, or beside what is sent. */
  async function put(track: MediaStreamTrack, stream: MediaStream): Promise<void> {
    if (isOver()) return track.stop();
    opened.add(track);
    track.enabled = track.kind === 'audio' ? micOn.value : cameraOn.value;
    const replaced = stream.getTracks().filter((old) => old.kind === track.kind);
    try {
      if (peer) await peer.replace(track);
      else {
        for (const old of replaced) stream.removeTrack(old);
        stream.addTrack(track);
      }
    } finally {
      letGo(replaced);
      if (!isOver()) own.value = new MediaStream(stream.getTracks()); // also where one connection did not take it: the others did
    }
  }

  function finish(how: CallOutcome): void {
    if (isOver()) return;
    phase.value = 'over';
    outcome.value = how;
    participants.value = [];
    letGo(opened);
    own.value = null;
  }

  void begin();
  return {
    /** Another one for each. */
    key: lastKey,
    wish,
    phase,
    outcome,
    participants,
    own,
    micOn,
    cameraOn,
    talkingSince,
    hasCamera,
    async hangUp(): Promise<void> {
      finish(talkingSince.value === null && !wish.ringing ? 'missed' : 'ended');
      if (!asked && wish.ringing) await decline(wish.ringing);
      else await end();
    },
    setMic(on: boolean): void {
      micOn.value = on;
      peer?.enable('audio', on);
      for (const track of sent?.getAudioTracks() ?? []) track.enabled = on; // also before it is answered
    },
    /** Without a camera until now, one is opened: that it cannot be had is told. */
    async setCamera(on: boolean): Promise<void> {
      if (!on || hasCamera.value) return show(on);
      if (isOpening || !sent || isOver()) return;
      isOpening = true;
      try {
        const track = await addCamera();
        cameraOn.value = true;
        await put(track, sent);
      } catch (fault) {
        cameraOn.value = hasCamera.value;
        onFault(fault);
      } finally {
        isOpening = false;
      }
    },
    /** Sends from another device. Fails as the browser does where it cannot be had. */
    async use(kind: 'audio' | 'video', deviceId: string): Promise<void> {
      const stream = sent;
      if (!stream || isOver()) return;
      await put(await openOne(kind, deviceId), stream);
    },
  };
}
