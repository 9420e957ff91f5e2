import { type InjectionKey, inject, provide } from 'vue';
import { type LoadedLater, loadWhenListed } from '../connection/loadWhenListed';
import type { Connection } from '../connection/useConnection';
import type { NoticeBook } from './noticeBook';

const key: InjectionKey<LoadedLater<NoticeBook>> = Symbol('notice book');

/** Has one's notices followed from when the chats are there: what they need is loaded after them. */
export function provideNoticeBook(connection: Connection): void {
  provide(
    key,
    loadWhenListed(connection.isListed, async () => {
      const { createNoticeBook } = await import('./noticeBook');
      return () => createNoticeBook(connection);
    }),
  );
}

/** Null until it is there; and whether it could not be loaded, and how to try again. */
export function useNoticeBook(): LoadedLater<NoticeBook> {
  const book = inject(key);
  if (!book) throw new Error('useNoticeBook was called outside of the chat shell, which provides it.');
  return book;
}
