import { type Component, type InjectionKey, inject, provide, type ShallowRef } from 'vue';
import { loadWhenListed } from '../connection/loadWhenListed';
import type { Connection } from '../connection/useConnection';
import type { AvatarBook } from './avatarBook';

/** Which picture somebody or a chat shows, and what shows it. */
export interface ShownAvatars extends AvatarBook {
  readonly picture: Component;
}

const key: InjectionKey<Readonly<ShallowRef<ShownAvatars | null>>> = Symbol('avatars');

/** Has pictures in the place of initials from when the chats are there: what they need is loaded after them. Null until then. */
export function provideAvatarBook(connection: Connection): void {
  const { value } = loadWhenListed(connection.isListed, async () => {
    const [{ createAvatarBook }, { default: picture }] = await Promise.all([import('./avatarBook'), import('./AvatarPicture.vue')]);
    return () => ({ ...createAvatarBook(connection), picture });
  });
  provide(key, value);
}

/** Undefined where nobody is signed in: there are no pictures then. */
export function useAvatarBook(): Readonly<ShallowRef<ShownAvatars | null>> | undefined {
  return inject(key, undefined);
}
