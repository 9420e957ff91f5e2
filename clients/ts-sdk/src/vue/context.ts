import { hasInjectionContext, type InjectionKey, inject, type Plugin, provide } from 'vue';
import type { ChatClient } from '../api.js';
import type { Files } from '../files/records.js';

/** What `useUpload` needs beside the client. */
export interface ChatExtras {
  readonly files?: Files;
}

export interface ChatContext extends ChatExtras {
  readonly client: ChatClient;
}

const key: InjectionKey<ChatContext> = Symbol('chat');

/** Hands the client to everything below the calling component. It is connected and closed by whoever made it. */
export function provideChat(client: ChatClient, extras: ChatExtras = {}): void {
  provide(key, { ...extras, client });
}

/** The same for a whole app: `app.use(chatPlugin(client))`. */
export function chatPlugin(client: ChatClient, extras: ChatExtras = {}): Plugin {
  return { install: (app) => void app.provide(key, { ...extras, client }) };
}

export function useContext(): ChatContext {
  const context = hasInjectionContext() ? inject(key, null) : null;
  if (context === null) {
    throw new Error(
      'There is no chat client here: call this in setup(), below a provideChat(client) or in an app that uses chatPlugin(client).',
    );
  }
  return context;
}

/** The client that was provided, for what no composable does. */
export function useClient(): ChatClient {
  return useContext().client;
}
