import { type ChatEvent, createPush } from '@chat/sdk';
import type { PushPayload } from '@chat/sdk/worker';
import { onScopeDispose, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';
import { useCallDesk } from '../calls/useCallDesk';
import { chatName } from '../chat-list/chatText';
import { useConnection } from '../connection/useConnection';
import { usePageAttention } from '../connection/usePageAttention';
import { pageWorker } from '../offline/pageWorker';
import { createAlertQueue } from './alertQueue';
import { alertSettings } from './alertSettings';
import { type Heard, isNews, toldOf } from './alerts';
import { followCalls } from './callAlerts';
import { playMessageTone } from './messageTone';
import { isOpenWish, ownerOf, Whose } from './opening';
import { renewReach } from './pushDevice';
import { keepPushLanguage } from './pushLanguage';
import type { Told } from './telling';

/** Between two sounds: a storm is no concert. */
const QuietMs = 2_000;

/**
 * Tells of what comes while one looks elsewhere: by a sound, and while the page is hidden by notifications of the system. A device that is
 * connected is not pushed to, so the page has the worker show them. Leads to what was notified, and takes away what was read.
 */
export function useAlerts(): void {
  const { t, locale } = useI18n();
  const route = useRoute();
  const router = useRouter();
  const { client, server, chats, meId, nameOf } = useConnection();
  const attention = usePageAttention();
  const settings = alertSettings(meId);
  const { registration } = pageWorker();
  let soundedAt = 0;

  const isHidden = () => document.visibilityState === 'hidden';
  const isAllowed = () => settings.value.on && 'Notification' in globalThis && Notification.permission === 'granted';

  async function tell(push: PushPayload): Promise<void> {
    const told: Told = { tell: push, owner: meId, silent: !settings.value.sounds };
    (await registration)?.active?.postMessage(told);
  }

  function heard(event: ChatEvent): Heard {
    const { summary, messages } = client.chat(event.chatId);
    const isAnswer = event.replyTo !== undefined && messages.items.some((item) => item.sequence === event.replyTo && item.own);
    return { event, chat: summary, meId, nowMs: Date.now(), isAnswer };
  }

  watch(locale, (tag) => void keepPushLanguage(tag), { immediate: true });
  const queue = createAlertQueue(
    (event) => isNews(heard(event)),
    ({ event, count }) => {
      if (isHidden() && isAllowed()) {
        const { content } = settings.value;
        const found = heard(event);
        const senderName = nameOf(event.senderId) ?? found.chat?.peerName ?? undefined;
        void tell(toldOf(found, { senderName, content, count }));
        return; // the system has a sound of its own
      }
      const isSeen = attention.value && route.name === 'chat' && Number(route.params['id']) === event.chatId;
      if (isSeen || !settings.value.sounds || Date.now() - soundedAt < QuietMs) return;
      soundedAt = Date.now();
      void playMessageTone().catch(() => undefined); // no device for sound
    },
  );
  followCalls(useCallDesk(), {
    isWanted: () => isHidden() && isAllowed(),
    nameOf,
    chatNameOf: (chatId) => {
      const { summary } = client.chat(chatId);
      return summary && summary.kind !== 'direct' ? chatName(summary, t('chats.untitled')) : null;
    },
    content: () => settings.value.content,
    tell: (call) => void tell(call),
  });

  /** What was read, here or on another device, needs no notification any more. */
  async function takeAwayRead(): Promise<void> {
    if (!isAllowed()) return;
    for (const shown of (await (await registration)?.getNotifications()) ?? []) {
      if (ownerOf(shown.data) !== meId) continue;
      const { kind, chatId, sequence } = (shown.data ?? {}) as Partial<{ kind: string; chatId: number; sequence: number }>;
      if (kind !== 'message' || chatId === undefined || sequence === undefined) continue;
      if ((client.chat(chatId).summary?.readUpTo ?? 0) >= sequence) shown.close();
    }
  }

  const onMessage = ({ data, ports }: MessageEvent) => {
    if (isOpenWish(data)) void router.push(data.open);
    else if (data === Whose) ports[0]?.postMessage(meId);
  };
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker; // none where the page is not served securely
  workers?.addEventListener('message', onMessage);
  workers?.startMessages();
  let looksAt: ReturnType<typeof setTimeout> | undefined;
  watch(chats, () => {
    looksAt ??= setTimeout(() => {
      looksAt = undefined;
      void takeAwayRead();
    }, 1_000);
  });
  const stop = client.on('message', (event) => {
    if (event.kind === 'message' && !event.own) queue.add(event);
  });
  void registration.then(async (found) => {
    if (!found || !isAllowed()) return;
    await renewReach(createPush(server), found, meId, settings.value.content).catch(() => undefined); // with the next start; the settings show it
  });
  onScopeDispose(() => {
    stop();
    queue.stop();
    clearTimeout(looksAt);
    workers?.removeEventListener('message', onMessage);
  });
}
