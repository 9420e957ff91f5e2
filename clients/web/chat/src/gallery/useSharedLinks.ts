import type { Chat, ChatEvent, LinkPreview } from '@chat/sdk';
import { onScopeDispose, ref, shallowRef } from 'vue';
import { isDeleted } from '../message/isDeleted';
import { linkify } from '../message/linkify';

const PerPage = 100;
/** Pages that one press looks through at most: of a chat without links, not all of it at once. */
const MostPages = 5;
/** Links that are enough for one press. */
const Enough = 20;

export interface SharedLink {
  readonly url: string;
  readonly sequence: number;
  readonly senderId: number;
  readonly createdAtMs: number;
  /** What the page says of itself, if the sender let it be asked. */
  readonly preview: LinkPreview | null;
}

/** The links of one message; with the card that it carries. */
export function linksOf(event: ChatEvent): SharedLink[] {
  if (event.kind !== 'message' || isDeleted(event)) return [];
  const { sequence, senderId, createdAtMs, content } = event;
  const urls = new Set(linkify(event.text ?? '').flatMap(({ href }) => (href === null ? [] : [href])));
  return [...urls].map((url) => ({ url, sequence, senderId, createdAtMs, preview: content?.link?.url === url ? content.link : null }));
}

/**
 * The links of a chat, the newest first. A link is a part of a text, so the texts are looked through, from the end back, some pages at a time. What is
 * sent meanwhile stands first, and what is deleted goes.
 */
export function useSharedLinks(chat: Pick<Chat, 'history' | 'messages' | 'on'>) {
  const links = shallowRef<readonly SharedLink[]>([]);
  const state = ref<'loading' | 'done' | 'failed'>('loading');
  const hasMore = ref(true);
  /** When the oldest message was written that was looked at. */
  const backToMs = ref<number | null>(null);
  let before: number | undefined;
  /** The newest message that was looked at; null until the first page is there. */
  let upTo: number | null = null;
  let left = false;

  /** The window of the open chat knows what was just sent or deleted. */
  function follow(): void {
    if (upTo === null) return;
    const seen = upTo;
    const { items } = chat.messages;
    const gone = new Set(items.filter(isDeleted).map(({ sequence }) => sequence));
    const news = items.flatMap((item) => (item.sequence === null || item.sequence <= seen ? [] : [{ ...item, sequence: item.sequence }]));
    upTo = Math.max(seen, ...news.map(({ sequence }) => sequence));
    links.value = [...news.reverse().flatMap(linksOf), ...links.value].filter(({ sequence }) => !gone.has(sequence));
  }

  const stop = chat.on('change', follow);
  onScopeDispose(() => {
    left = true;
    stop();
  });

  async function load(): Promise<void> {
    state.value = 'loading';
    const had = links.value.length;
    try {
      for (let page = 0; page < MostPages && hasMore.value && links.value.length < had + Enough && !left; page += 1) {
        const found = await chat.history({ limit: PerPage, ...(before !== undefined && { before }) });
        links.value = [...links.value, ...[...found.events].reverse().flatMap(linksOf)];
        backToMs.value = found.events[0]?.createdAtMs ?? backToMs.value;
        before = found.coversFrom;
        upTo ??= found.coversTo;
        hasMore.value = found.hasMore && found.coversFrom > 1;
      }
      state.value = 'done';
      follow(); // what came while the page was on its way
    } catch {
      state.value = 'failed'; // said where the list would stand, with a button to try again
    }
  }

  void load();
  return { links, state, hasMore, backToMs, more: load };
}
