import { ChatError, type ChatItem, errorCodes } from '@chat/sdk';
import { type InjectionKey, inject, provide, type Ref, type ShallowRef, shallowRef } from 'vue';
import { useConnection } from '../../connection/useConnection';
import { useErrors } from '../../connection/useErrors';
import type { Conversation } from '../../conversation/useConversation';
import type { MenuPlace } from '../../ui/menuPlace';
import { useCopy } from '../useCopy';
import { allowedActions, canReact, type MessageAction } from './allowed';
import { useStarred } from './useStarred';

/** ↑ edits the last own message for as long as a service allows it where nothing else is set; older ones are edited by their menu. */
export const QuickEditMs = 15 * 60_000;

export interface OpenMenu extends MenuPlace {
  readonly item: ChatItem;
}

export type DialogKind = 'react' | 'forward' | 'delete';

export interface MessageActions {
  readonly menu: ShallowRef<OpenMenu | null>;
  readonly dialog: ShallowRef<{ readonly kind: DialogKind; readonly item: ChatItem } | null>;
  readonly editing: ShallowRef<ChatItem | null>;
  allowed(item: ChatItem): MessageAction[];
  mayReact(item: ChatItem): boolean;
  isStarred(item: ChatItem): boolean;
  openMenu(item: ChatItem, place: MenuPlace): void;
  run(action: MessageAction, item: ChatItem): Promise<void>;
  /** The emoji that one has given already is taken back. */
  react(item: ChatItem, emoji: string): Promise<void>;
  /** Begins to edit the last own message; false if there is none that is fresh enough. */
  editLast(): boolean;
  /** Stores an edit; true if it was done. */
  edit(item: ChatItem, text: string): Promise<boolean>;
}

const key: InjectionKey<MessageActions> = Symbol('message actions');

/** What is done with the messages of one conversation; `reply` and `info` are the view's own. */
export function provideMessageActions(
  { items, summary, removed }: Pick<Conversation, 'items' | 'summary' | 'removed'>,
  view: { reply(item: ChatItem): void; info(item: ChatItem): void },
): MessageActions {
  const { toast } = useErrors();
  const { messageActions } = useConnection();
  const { canCopy, copy } = useCopy();
  const starred = useStarred();
  const menu: MessageActions['menu'] = shallowRef(null);
  const dialog: MessageActions['dialog'] = shallowRef(null);
  const editing: MessageActions['editing'] = shallowRef(null);
  const tooOldMs: Ref<number> = shallowRef(Number.POSITIVE_INFINITY);

  const isStarred = (item: ChatItem) => item.sequence !== null && starred.has(item.chatId, item.sequence);

  function allowed(item: ChatItem): MessageAction[] {
    return allowedActions(item, {
      removed: removed.value,
      summary: summary.value,
      canCopy,
      starred: isStarred(item),
      tooOldMs: tooOldMs.value,
      nowMs: Date.now(),
    });
  }

  async function attempt(change: Promise<void>): Promise<boolean> {
    try {
      await change;
      return true;
    } catch (fault) {
      toast(fault);
      return false;
    }
  }

  async function run(action: MessageAction, item: ChatItem): Promise<void> {
    const sequence = item.sequence;
    if (sequence === null) return;
    switch (action) {
      case 'reply':
        return view.reply(item);
      case 'info':
        return view.info(item);
      case 'copy':
        return copy(item.text ?? '');
      case 'edit':
        editing.value = item;
        return;
      case 'forward':
      case 'delete':
        dialog.value = { kind: action, item };
        return;
      case 'star':
      case 'unstar':
      case 'pin':
      case 'unpin':
        await attempt(messageActions[action](item.chatId, sequence));
    }
  }

  const actions: MessageActions = {
    menu,
    dialog,
    editing,
    allowed,
    mayReact: (item) => canReact(item, removed.value, summary.value),
    isStarred,
    openMenu(item, place) {
      menu.value = { item, ...place };
    },
    run,
    async react(item, emoji) {
      if (item.sequence === null) return;
      await attempt(messageActions.react(item.chatId, item.sequence, item.changes?.ownReaction === emoji ? null : emoji));
    },
    editLast() {
      const last = items.value.findLast((item) => allowed(item).includes('edit'));
      if (!last || Date.now() - last.createdAtMs >= QuickEditMs) return false;
      editing.value = last;
      return true;
    },
    async edit(item, text) {
      if (item.sequence === null) return false;
      try {
        await messageActions.edit(item.chatId, item.sequence, text);
        return true;
      } catch (fault) {
        if (fault instanceof ChatError && fault.code === errorCodes.too_late)
          tooOldMs.value = Math.min(tooOldMs.value, Date.now() - item.createdAtMs);
        toast(fault);
        return false;
      }
    },
  };
  provide(key, actions);
  return actions;
}

export function useMessageActions(): MessageActions {
  const actions = inject(key);
  if (!actions) throw new Error('useMessageActions was called outside of a conversation, which provides it.');
  return actions;
}
