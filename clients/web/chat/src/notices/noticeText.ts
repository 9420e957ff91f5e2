import type { Notice } from '@chat/sdk';
import type { RouteLocationRaw } from 'vue-router';

/** Catalogue key of what happened; null for a kind that came after this version, which is not shown. */
export function noticeKey({ kind, role, chatName }: Pick<Notice, 'kind' | 'role' | 'chatName'>): string | null {
  const where = chatName === null ? '' : 'In';
  switch (kind) {
    case 'mention':
    case 'reply':
    case 'reaction':
    case 'missed_call':
    case 'chat_added':
      return `notices.what.${kind}${where}`;
    case 'role_changed':
      if (role === null || role === 'unknown') return null;
      return `notices.what.role_changed${role === 'admin' ? 'Admin' : 'Member'}${where}`;
    case 'chat_removed':
    case 'chat_deleted':
    case 'sign_in':
    case 'passkey_added':
      return `notices.what.${kind}`;
    case 'unknown':
      return null;
  }
}

/** Where it was, or where one sees to it; null where there is nothing to see of it any more. */
export function noticePlace({ kind, chatId, sequence }: Pick<Notice, 'kind' | 'chatId' | 'sequence'>): RouteLocationRaw | null {
  if (kind === 'sign_in') return { name: 'settings', params: { section: 'devices' } };
  if (kind === 'passkey_added') return { name: 'settings', params: { section: 'security' }, hash: '#passkeys' };
  if (chatId === null || kind === 'chat_removed' || kind === 'chat_deleted') return null;
  return { name: 'chat', params: { id: chatId }, query: sequence === null ? {} : { m: sequence } };
}

export interface SentencePart {
  readonly text: string;
  readonly isName: boolean;
}

/** A sentence of the catalogue in parts, so that the names in it can be told from its words; `say` puts what it is given in their places. */
export function sentence<Names extends Readonly<Record<string, string>>>(
  say: (marks: Record<string, string>) => string,
  names: Names,
): SentencePart[] {
  const keys = Object.keys(names);
  const marks = Object.fromEntries(keys.map((key, i) => [key, `\u0000${i}\u0000`])); // no text has that
  return say(marks)
    .split('\u0000')
    .map((text, i) => (i % 2 === 0 ? { text, isName: false } : { text: names[keys[Number(text)] ?? ''] ?? '', isName: true }))
    .filter(({ text }) => text !== '');
}
