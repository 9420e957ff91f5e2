import { numberOf } from '../account/json.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import type { Chat, ChatClient } from '../api.js';
import type { MemberRole } from '../codes.js';

/** Making groups, and who is in them: rare, so over REST, and apart from the core. What comes of a change, clients hear as events. */
export interface Groups {
  /** Makes a group, whose admin one becomes. */
  create(name: string, memberIds: readonly number[]): Promise<Chat>;
  rename(chatId: number, name: string): Promise<void>;
  add(chatId: number, principalIds: readonly number[]): Promise<void>;
  remove(chatId: number, principalId: number): Promise<void>;
  setRole(chatId: number, principalId: number, role: MemberRole): Promise<void>;
  /** Leaves a group or channel. */
  leave(chatId: number): Promise<void>;
}

/** Takes the client, whose address and tokens it uses. */
export function createGroups(client: Pick<ChatClient, 'wire' | 'chat'>): Groups {
  const { wire } = client;
  const rest = (method: HttpMethod, path: string, body?: unknown): Promise<unknown> =>
    callSignedIn(wire.url, wire.token, { method, path: `/api/groups${path}`, body });
  const change = async (method: HttpMethod, path: string, body?: unknown): Promise<void> => void (await rest(method, path, body));
  return {
    async create(name, memberIds) {
      const chatId = numberOf(await rest('POST', '', { name, memberIds }), 'chatId');
      await wire.joined(chatId);
      return client.chat(chatId);
    },
    rename: (chatId, name) => change('PUT', `/${chatId}`, { name }),
    add: (chatId, principalIds) => change('POST', `/${chatId}/members`, { memberIds: principalIds }),
    remove: (chatId, principalId) => change('DELETE', `/${chatId}/members/${principalId}`),
    setRole: (chatId, principalId, role) => change('PUT', `/${chatId}/members/${principalId}`, { role }),
    leave: (chatId) => change('POST', `/${chatId}/leave`),
  };
}
