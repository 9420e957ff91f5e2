import { int, text, uuid } from '../codec/fields.js';
import { type FrameValue, frame } from '../frames/frame.js';

/** Requests of calls (protocol-spec.md §6.39, §6.40). */
export const callRequests = {
  signalCall: frame(18, { callId: int, endpointId: uuid, to: int, sequence: int, kind: int, body: text }),
  keepCall: frame(19, { callId: int, endpointId: uuid }),
};

/** Pushes of calls (protocol-spec.md §6.41). */
export const callPushes = {
  callSignal: frame(87, { callId: int, from: int, endpointId: uuid, sequence: int, kind: int, body: text }),
};

export type WireSignal = FrameValue<typeof callPushes.callSignal>;
