import type { Chat, Mark, Member } from '@chat/sdk';
import { computed, type Ref, ref, shallowRef, watch } from 'vue';
import { isComposing } from '../ui/isComposing';
import { type MentionQuery, matching, mentionQuery, movedMarks, type NamedMark, namedMarks, sentMarks } from './mentionMarks';
import { draftMarksOf, setDraftMarks } from './useDraft';

export type MentionKey = 'next' | 'previous' | 'pick' | 'close' | null;

/** What a key means while names are offered. */
export function mentionKey(press: Pick<KeyboardEvent, 'key' | 'isComposing' | 'keyCode' | 'shiftKey'>): MentionKey {
  const { key, shiftKey } = press;
  if (isComposing(press)) return null;
  if (key === 'ArrowDown') return 'next';
  if (key === 'ArrowUp') return 'previous';
  if ((key === 'Enter' || key === 'Tab') && !shiftKey) return 'pick';
  return key === 'Escape' ? 'close' : null;
}

/** Names of a group's members, offered after an `@`, and where those that were picked stand in the text. */
export function useMentions(text: Ref<string>, chat: Pick<Chat, 'id' | 'members' | 'summary'>, meId: number, locale: () => string) {
  const asked = shallowRef<MentionQuery | null>(null);
  const members = shallowRef<readonly Member[]>([]);
  const active = ref(0);
  let marks = draftMarksOf(chat.id, text.value);
  let loading: Promise<void> | null = null;

  const offered = computed(() => (asked.value ? matching(members.value, asked.value.query, locale()) : []));
  watch(
    text,
    (now, before) => {
      keep(movedMarks(marks, before, now));
    },
    { flush: 'sync' },
  );

  /** Held with the draft, too: whoever looks into another chat, or loads the page anew, finds it with its mentions. */
  function keep(now: readonly NamedMark[]): void {
    marks = now;
    setDraftMarks(chat.id, now);
  }

  /** To be told whenever the text or the caret has changed. */
  function look(caret: number): void {
    const found = chat.summary?.kind === 'group' ? mentionQuery(text.value, caret) : null;
    if (found?.start === asked.value?.start && found?.query === asked.value?.query) return;
    if (found?.start !== asked.value?.start) void load();
    asked.value = found;
    active.value = 0;
  }

  async function load(): Promise<void> {
    loading ??= chat
      .members()
      .then((all) => {
        members.value = all.filter(({ principalId }) => principalId !== meId);
      })
      .catch(() => undefined) // away: nobody is offered, and the next sign asks again
      .finally(() => {
        loading = null;
      });
    await loading;
  }

  function move(step: number): void {
    const count = offered.value.length;
    if (count > 0) active.value = (active.value + step + count) % count;
  }

  /** Puts a name where it was asked for; where the caret goes then. */
  function pick(member: Member): number {
    if (!asked.value) return text.value.length;
    const { start, query } = asked.value;
    const name = `@${member.name}`;
    const rest = text.value.slice(start + 1 + query.length);
    text.value = `${text.value.slice(0, start)}${name}${rest.startsWith(' ') ? '' : ' '}${rest}`;
    keep([...marks, { start, text: name, principalId: member.principalId }]);
    asked.value = null;
    return start + name.length + 1;
  }

  /** Puts a caption that nothing carries any more above what was written since, each with its mentions. */
  function putBack(caption: string, mentioned: readonly Mark[]): void {
    const below = text.value;
    const moved = marks.map((mark) => ({ ...mark, start: mark.start + caption.length + 1 }));
    text.value = below === '' ? caption : `${caption}\n${below}`;
    keep([...namedMarks(mentioned, caption), ...moved]); // not as an edit, in which two alike beginnings are taken for one
  }

  return {
    offered,
    active,
    look,
    move,
    pick,
    putBack,
    close: () => (asked.value = null),
    /** The mentions of the text as it stands, to send with it. */
    marks: (): Mark[] => sentMarks(marks, text.value),
  };
}
