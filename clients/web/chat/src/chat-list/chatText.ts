import type { ChatItem, ChatSummary } from '@chat/sdk';

export function chatName(chat: Pick<ChatSummary, 'name' | 'peerName'>, untitled: string): string {
  return chat.name ?? chat.peerName ?? untitled;
}

/** Loaded chats whose name contains every word of the query, without regard to case or accents. */
export function filterChats(chats: readonly ChatSummary[], query: string): readonly ChatSummary[] {
  const words = fold(query)
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return chats;
  return chats.filter((chat) => {
    const name = fold(chatName(chat, ''));
    return words.every((word) => name.includes(word));
  });
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

/** Text of one line, for previews and quotes: line breaks become spaces. */
export function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim().slice(0, 300);
}

/** Who stands before a preview: nobody in a direct chat, "You" for own ones, else the sender; a channel speaks as one. */
export function previewAuthor(item: ChatItem, chat: Pick<ChatSummary, 'kind'>): 'none' | 'you' | 'sender' {
  if (item.kind !== 'message') return 'none';
  if (item.own) return chat.kind === 'direct' ? 'none' : 'you';
  return chat.kind === 'group' ? 'sender' : 'none';
}

/** The name under which one keeps a person, or else their own. */
export function personName({ ownName, name }: { readonly ownName: string | null; readonly name: string }): string {
  return ownName ?? name;
}
