export {
  createPasskeys,
  type Passkey,
  type PasskeySignInOptions,
  type Passkeys,
  passkeysWork,
  signInWithPasskey,
} from './account/passkeys.js';
export {
  type AddressChannel,
  createSecurity,
  forgotPassword,
  resetPassword,
  type Security,
  type TwoStepSecret,
  type TwoStepState,
} from './account/security.js';
export {
  type AccountSession,
  type RegisterOptions,
  register,
  restoreSession,
  type SignInOptions,
  signIn,
} from './account/session.js';
export { localStorageStore, memoryStore, type StoredSession, type TokenStore } from './account/token-store.js';
export { newUuid } from './account/uuid.js';
export type * from './api.js';
export { deletedPlaceholder } from './api.js';
export { type CallsOptions, createCalls } from './calls/calls.js';
export { createPeerCall, type PeerCall, type PeerCallEvents, type PeerCallOptions } from './calls/peer-call.js';
export type * from './calls/records.js';
export { type ChatChange, type ChatSettings, createChatSettings } from './chats/chat-settings.js';
export { createDrafts, type Drafts } from './chats/drafts.js';
export { createGroups, type Groups } from './chats/groups.js';
export { type ChatPreview, createJoining, type InviteLink, type Joining, type MediaPage, type SharedMessage } from './chats/joining.js';
export { createMentions, type MentionPage, type Mentions, mentioning } from './chats/mentions.js';
export { createMessageActions, type MessageActions } from './chats/message-actions.js';
export type { ChatDetails, Draft, OwnSettings } from './chats/settings.js';
export { createStarred, type StarredMessages, type StarredPage } from './chats/starred.js';
export { createTyping, type Typing } from './chats/typing.js';
export { createClient } from './client.js';
export {
  type ChatKind,
  type ContentKind,
  closeCodes,
  type DisconnectVerdict,
  disconnectVerdict,
  type EventKind,
  eventKinds,
  frameName,
  type MarkKind,
  type MemberRole,
  type PrincipalKind,
} from './codes.js';
export type { CloseReason, ConnectionState } from './connection/state.js';
export * as errorCodes from './error-codes.js';
export { type ErrorName, errorName } from './error-name.js';
export { ChatError } from './errors.js';
export { createFiles } from './files/files.js';
export type * from './files/records.js';
export * as inboxKinds from './inbox-kinds.js';
export { createLinkPreviews, firstLink, type LinkPreviewAnswer, type LinkPreviews } from './links/link-previews.js';
export * as localErrors from './local-errors.js';
export {
  createNotices,
  followNotices,
  type Notice,
  type NoticeKind,
  type NoticePage,
  type Notices,
  type NoticesChange,
  type UnreadNotices,
} from './notices/notices.js';
export { type Avatars, createAvatars } from './people/avatars.js';
export { createPeople } from './people/live-people.js';
export { createPresences, type PresenceListener, type Presences } from './people/presences.js';
export type {
  Clock,
  Logger,
  OutboxKeeper,
  RetryPolicy,
  TokenReason,
  Transport,
  TransportFactory,
  TransportHandlers,
  WakeSignals,
} from './ports.js';
export {
  type BrowserSubscription,
  createPush,
  type Push,
  type PushContent,
  type PushRegistration,
  type PushState,
  type PushSubscriptionState,
  type PushTransport,
} from './push/push.js';
export { createReceipts, type MemberReceipt, type MessageReceipts, type Receipts } from './receipts/receipts.js';
export {
  createScheduled,
  followScheduled,
  type NewScheduledMessage,
  type Scheduled,
  type ScheduledChange,
  type ScheduledMessage,
  type ScheduledPage,
  type ScheduledState,
  type ScheduledWords,
} from './scheduled/scheduled.js';
export {
  createSearch,
  eventsAround,
  type FoundChat,
  type FoundMessage,
  type FoundMessages,
  type FoundNames,
  type FoundPerson,
  type Search,
  type SearchWish,
} from './search/search.js';
export {
  createStatuses,
  followStatuses,
  type NewStatus,
  type Status,
  type StatusAudience,
  type StatusAuthor,
  type Statuses,
  type StatusFont,
  type StatusKind,
  type StatusPrivacy,
  type StatusViewers,
} from './statuses/statuses.js';
