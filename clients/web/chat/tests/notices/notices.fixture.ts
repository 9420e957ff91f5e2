import type { Notice } from '@chat/sdk';

export const noticeOf = (id: string, over: Partial<Notice> = {}): Notice => ({
  id,
  kind: 'mention',
  at: '2026-11-28T12:00:00.000Z',
  read: false,
  actorId: 2,
  chatId: 7,
  chatName: null,
  sequence: 9,
  text: 'Moin',
  content: null,
  emoji: null,
  role: null,
  callId: null,
  deviceId: null,
  passkeyId: null,
  name: null,
  ...over,
});
