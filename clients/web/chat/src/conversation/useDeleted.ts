import { type ChatClient, inboxKinds } from '@chat/sdk';
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';

/** Who deleted a chat for everyone, told by its last event or, to who was away then, by the inbox; null as long as nobody did. */
export function useDeleted(client: Pick<ChatClient, 'on'>, chatId: number): Readonly<ShallowRef<number | null>> {
  const deletedBy = shallowRef<number | null>(null);
  const stops = [
    client.on('message', (event) => {
      if (event.chatId === chatId && event.kind === 'chat_deleted') deletedBy.value = event.senderId;
    }),
    client.on('inbox', ({ kind, subjectId, senderId, text }) => {
      if (kind === inboxKinds.chat_removed && subjectId === chatId && text === 'deleted') deletedBy.value = senderId;
    }),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });
  return deletedBy;
}
