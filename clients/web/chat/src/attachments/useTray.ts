import type { ChatClient } from '@chat/sdk';
import { effectScope, watch } from 'vue';
import { useConnection } from '../connection/useConnection';
import { useLaterNotices } from '../scheduled/useLaterNotices';
import { useScheduledBook } from '../scheduled/useScheduledBook';
import { fileFacts } from './fileFacts';
import { createTray, type Tray, type TrayWish } from './tray';

const trays = new WeakMap<ChatClient, Map<number, Tray>>();

/** The tray of a chat: the same one whenever the chat is opened again, as long as somebody is signed in. */
export function useTray(chatId: number): Tray {
  const { client, files } = useConnection();
  const book = useScheduledBook();
  const notices = useLaterNotices();
  const held = trays.get(client) ?? new Map<number, Tray>();
  trays.set(client, held);
  const known = held.get(chatId);
  if (known) return known;
  const made = effectScope(true).run(() => {
    const schedule = async (wish: TrayWish) => {
      if (!book.value) throw new Error('What is needed to send later is not loaded.');
      await book.value.schedule({ chatId, ...wish });
    };
    const tray = createTray({
      files,
      chatId,
      measure: fileFacts,
      schedule,
      send: (message) => void client.chat(chatId).send(message),
      onScheduled: notices.scheduled,
      onOverdue: notices.overdue,
    });
    watch(tray.unsaved, (unsaved) => (unsaved ? hold(tray) : release(tray)), { flush: 'sync' });
    client.on('state', ({ to }) => to.kind === 'closed' && tray.clear()); // signed out: nothing of it can be sent any more
    return tray;
  }) as Tray;
  held.set(chatId, made);
  return made;
}

/** The chat is gone, and what was to be sent to it with it. */
export function clearTray(client: ChatClient, chatId: number): void {
  trays.get(client)?.get(chatId)?.clear();
}

const holding = new Set<Tray>();

/** Whoever closes the page while files are in a tray is asked. */
function hold(tray: Tray): void {
  if (holding.size === 0) addEventListener('beforeunload', ask);
  holding.add(tray);
}

function release(tray: Tray): void {
  holding.delete(tray);
  if (holding.size === 0) removeEventListener('beforeunload', ask);
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
