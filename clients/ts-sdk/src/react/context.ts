import { createContext, createElement, type ReactElement, type ReactNode, useMemo, useContext as useReactContext } from 'react';
import type { ChatClient } from '../api.js';
import type { Files } from '../files/records.js';

export interface ChatProviderProps {
  readonly client: ChatClient;
  /** For `useUpload`. */
  readonly files?: Files;
  readonly children?: ReactNode;
}

type ChatContext = Omit<ChatProviderProps, 'children'>;

const Chat = createContext<ChatContext | null>(null);

/** Hands the client to everything below. It is connected and closed by whoever made it: outside of components, or in an effect. */
export function ChatProvider(props: ChatProviderProps): ReactElement {
  const { client, files, children } = props;
  const context = useMemo(() => ({ client, ...(files !== undefined && { files }) }), [client, files]);
  return createElement(Chat.Provider, { value: context }, children);
}

export function useContext(): ChatContext {
  const context = useReactContext(Chat);
  if (context === null) throw new Error('There is no chat client here: put a <ChatProvider client={client}> above this component.');
  return context;
}

/** The client that was provided, for what no hook does. */
export function useClient(): ChatClient {
  return useContext().client;
}
