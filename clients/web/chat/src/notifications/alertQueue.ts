import type { ChatEvent } from '@chat/sdk';

/** Of several messages of one chat that come this close together it is told once, as of a push; the chat's summary is there by then, too. */
const GatherMs = 400;

export interface Gathered {
  /** The newest. */
  readonly event: ChatEvent;
  readonly count: number;
}

/** Gathers what came, by chats, and says so once for each. */
export function createAlertQueue(isNews: (event: ChatEvent) => boolean, tell: (gathered: Gathered) => void) {
  const waiting = new Map<number, ChatEvent[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    timer = undefined;
    const chats = [...waiting.values()];
    waiting.clear();
    for (const events of chats) {
      const news = events.filter(isNews); // what was read meanwhile is none
      const newest = news.at(-1);
      if (newest) tell({ event: newest, count: news.length });
    }
  }

  return {
    add(event: ChatEvent): void {
      waiting.set(event.chatId, [...(waiting.get(event.chatId) ?? []), event]);
      timer ??= setTimeout(flush, GatherMs);
    },
    stop(): void {
      clearTimeout(timer);
      waiting.clear();
    },
  };
}
