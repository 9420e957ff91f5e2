import type { ChatItem } from '@chat/sdk';
import { type InjectionKey, inject, onScopeDispose, provide, type Ref, ref } from 'vue';
import { useConnection } from '../connection/useConnection';
import { isDeleted } from '../message/isDeleted';
import { createSoundPlayer, type SoundPlayer } from './soundPlayer';
import { linkOf } from './useMediaLink';

/** What the pictures and sounds of one open conversation share. */
export interface MediaRoom {
  readonly player: SoundPlayer;
  /** The sequence of the message whose picture is looked at; null when none is. */
  readonly shown: Ref<number | null>;
  show(item: ChatItem): void;
}

const key: InjectionKey<MediaRoom> = Symbol('media room');

/** Pictures and films that can be looked at, oldest first. */
export function viewable(items: readonly ChatItem[]): ChatItem[] {
  return items.filter((item) => {
    const { sequence, content } = item;
    const shows = content?.media !== undefined && (content.kind === 'image' || content.kind === 'video');
    return shows && sequence !== null && !isDeleted(item);
  });
}

/** The voice message that is heard after another one: the next message of the chat, if it is one. */
export function nextVoice(items: readonly ChatItem[], blobId: string): ChatItem | null {
  const messages = items.filter(({ kind }) => kind === 'message');
  const at = messages.findIndex(({ content }) => content?.kind === 'voice' && content.media?.blobId === blobId);
  const next = at < 0 ? undefined : messages[at + 1];
  return next?.content?.kind === 'voice' && !isDeleted(next) ? next : null;
}

export function provideMediaRoom(items: Readonly<Ref<readonly ChatItem[]>>): MediaRoom {
  const { files } = useConnection();
  const player = createSoundPlayer(() => new Audio());
  const shown = ref<number | null>(null);
  player.onEnded(async (blobId) => {
    const media = nextVoice(items.value, blobId)?.content?.media;
    const link = media && (await linkOf(files, media.blobId).catch(() => null)); // not there: it ends here
    if (!media || !link || player.state.key !== blobId || player.state.playing) return;
    player.play({ key: media.blobId, url: link.url, durationMs: media.durationMs, onFail: () => undefined });
  });
  onScopeDispose(() => player.stop());

  const room: MediaRoom = { player, shown, show: ({ sequence }) => (shown.value = sequence) };
  provide(key, room);
  return room;
}

export function useMediaRoom(): MediaRoom {
  const room = inject(key);
  if (!room) throw new Error('useMediaRoom was called outside of a conversation, which provides it.');
  return room;
}
