import { type ComputedRef, computed, shallowRef } from 'vue';
import { Drafts } from './drafts';
import type { NamedMark } from './mentionMarks';

const drafts = new Drafts(sessionOrNull());
const version = shallowRef(0);

function sessionOrNull(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null; // storage is forbidden; drafts then live as long as the page
  }
}

export function setDraft(chatId: number, text: string): void {
  drafts.set(chatId, text);
  version.value += 1;
}

export function clearDrafts(): void {
  drafts.clear();
  version.value += 1;
}

export function draftOf(chatId: number): string {
  return drafts.get(chatId);
}

/** Whom a chat's draft of this text mentions. */
export function draftMarksOf(chatId: number, text: string): readonly NamedMark[] {
  return drafts.marksOf(chatId, text);
}

export function setDraftMarks(chatId: number, marks: readonly NamedMark[]): void {
  drafts.setMarks(chatId, marks);
}

export function useDraft(chatId: () => number): ComputedRef<string> {
  return computed(() => (version.value, drafts.get(chatId())));
}
