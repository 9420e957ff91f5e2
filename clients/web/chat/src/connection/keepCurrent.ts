import type { ChatClient, ClientEvents } from '@chat/sdk';
import { onScopeDispose, ref } from 'vue';

/**
 * Something that is asked for whole, by `refresh` whenever it may have changed, and after a reconnect: one question at a time, and what changes
 * meanwhile is asked for after it. `ask` keeps what it is told. Lives in the scope of the caller, who asks first.
 * @param isChanged Which of what is told about people may have changed it. Default: none.
 */
export function keepCurrent(
  client: Pick<ChatClient, 'on'>,
  ask: () => Promise<void>,
  isChanged?: (told: ClientEvents['people']) => boolean,
) {
  const state = ref<'loading' | 'done' | 'failed'>('loading');
  let running: Promise<void> | null = null;
  let isStale = false;

  function refresh(): Promise<void> {
    isStale = true;
    running ??= load().finally(() => {
      running = null;
    });
    return running;
  }

  async function load(): Promise<void> {
    while (isStale) {
      isStale = false;
      if (state.value === 'failed') state.value = 'loading';
      try {
        await ask();
        state.value = 'done';
      } catch {
        // What is shown stays; where there is nothing yet, the list says so with a button to try again.
        if (state.value !== 'done') state.value = 'failed';
      }
    }
  }

  onScopeDispose(
    client.on('state', ({ to }) => {
      if (to.kind === 'online') void refresh();
    }),
  );
  if (isChanged) {
    onScopeDispose(
      client.on('people', (told) => {
        if (isChanged(told)) void refresh();
      }),
    );
  }
  return { state, refresh };
}
