import type { ChatClient } from '../api.js';
import type { Fields, StructOf } from '../codec/fields.js';
import type { Frame } from '../frames/frame.js';
import { pushKinds } from './link.js';

/** Hears a push that the core does not know: it is decoded from here on. Returns the function that ends it. */
export function hearPush<S extends Fields>(
  client: Pick<ChatClient, 'on'>,
  kind: string,
  frame: Frame<S>,
  heard: (value: StructOf<S>) => void,
): () => void {
  pushKinds.set(frame.type, { kind, frame: frame as unknown as Frame<Fields> });
  return client.on('push', (push) => {
    if (push.kind === kind) heard(push.value as StructOf<S>);
  });
}
