import type { ChatSummary } from '@chat/sdk';
import { describe, expect, it } from 'vitest';
import { chatName, filterChats, oneLine, previewAuthor } from '../../src/chat-list/chatText';
import { nextIndex } from '../../src/chat-list/useListKeys';
import { item } from '../message/item';

const chat = (name: string | null, peerName: string | null = null) => ({ name, peerName, kind: name ? 'group' : 'direct' }) as ChatSummary;

describe('the chat list', () => {
  it('calls a direct chat by the other one', () => {
    expect(chatName(chat(null, 'Ben'), 'Chat')).toBe('Ben');
    expect(chatName(chat('Team'), 'Chat')).toBe('Team');
    expect(chatName(chat(null), 'Chat')).toBe('Chat');
  });

  it('finds by every word, without regard to case and accents', () => {
    const chats = [chat(null, 'Carla Núñez'), chat('Launch team')];
    expect(filterChats(chats, 'nunez CAR')).toEqual([chats[0]]);
    expect(filterChats(chats, '  ')).toBe(chats);
    expect(filterChats(chats, 'zzz')).toEqual([]);
  });

  it('shows a preview in one line, with an author only where it is not plain', () => {
    expect(oneLine(' a\n\n b\tc ')).toBe('a b c');
    expect(previewAuthor(item(1, 0), chat('Team'))).toBe('sender');
    expect(previewAuthor(item(1, 0, { own: true }), chat('Team'))).toBe('you');
    expect(previewAuthor(item(1, 0), chat(null, 'Ben'))).toBe('none');
    const channel = { kind: 'channel' } as const;
    expect([previewAuthor(item(1, 0), channel), previewAuthor(item(1, 0, { own: true }), channel)]).toEqual(['none', 'you']);
  });

  it('moves with the keys and stops at its ends', () => {
    expect([nextIndex('ArrowDown', 2, 3), nextIndex('ArrowUp', 0, 3), nextIndex('Home', 2, 3), nextIndex('End', 0, 3)]).toEqual([
      2, 0, 0, 2,
    ]);
    expect(nextIndex('a', 0, 3)).toBeNull();
  });
});
