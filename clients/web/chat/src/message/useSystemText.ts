import type { ChatItem } from '@chat/sdk';
import { useI18n } from 'vue-i18n';
import { useConnection } from '../connection/useConnection';
import { systemText } from './systemText';

/** Turns a group event into a sentence; names that come later change it by themselves. */
export function useSystemText(): (item: ChatItem) => string {
  const { t } = useI18n();
  const { client, meId, nameOf } = useConnection();
  const name = (id: number) => nameOf(id) ?? t('system.someone');
  return (item) => {
    const line = systemText(item, meId, client.chat(item.chatId).summary?.kind === 'channel');
    if (!line) return '';
    return t(line.key, { actor: name(line.actorId), subject: line.subjectId === null ? '' : name(line.subjectId), name: line.name });
  };
}
