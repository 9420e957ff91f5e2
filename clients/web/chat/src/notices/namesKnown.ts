import type { ChatClient } from '@chat/sdk';

/** Resolves when the names of all of these people are known, or after a while: who has none would be waited for in vain. */
export function namesKnown(client: Pick<ChatClient, 'on' | 'principalName'>, people: readonly number[], longestMs = 500): Promise<void> {
  const isKnown = () => people.filter((id) => client.principalName(id) === undefined).length === 0; // each is asked for
  if (isKnown()) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(end, longestMs);
    const stop = client.on('principals', () => {
      if (isKnown()) end();
    });
  });
}
