import type { Directive } from 'vue';

type Player = HTMLMediaElement & { setSinkId?: (id: string) => Promise<void> };

/** Lets an element play a stream, and from which loudspeaker: neither is an attribute that a template could set. */
export function useStream(): { vStream: Directive<HTMLMediaElement, MediaStream | null>; vSink: Directive<Player, string> } {
  const setStream = (element: HTMLMediaElement, stream: MediaStream | null) => {
    if (element.srcObject !== stream) element.srcObject = stream;
  };
  const setSink = (element: Player, id: string) => {
    if (id !== '') element.setSinkId?.(id).catch(() => undefined); // gone: it plays where it did before
  };
  return {
    vStream: {
      mounted: (element, { value }) => setStream(element, value),
      updated: (element, { value }) => setStream(element, value),
      unmounted: (element) => setStream(element, null),
    },
    vSink: {
      mounted: (element, { value }) => setSink(element, value),
      updated: (element, { value, oldValue }) => value !== oldValue && setSink(element, value),
    },
  };
}
