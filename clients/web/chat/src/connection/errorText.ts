import { ChatError, errorCodes, errorName } from '@chat/sdk';

/** Catalogue key and parameters of what to tell a person about a fault: what went wrong and what to do. */
export interface ErrorText {
  readonly key: string;
  readonly params: Record<string, string>;
}

const keys: Readonly<Record<string, string>> = {
  text_empty: 'errors.textNotAllowed',
  text_too_long: 'errors.textTooLong',
  text_has_nul: 'errors.textNotAllowed',
  reply_target_not_found: 'errors.replyTargetGone',
  chat_not_found: 'errors.chatNotFound',
  chat_deleted: 'errors.chatDeleted',
  not_a_member: 'errors.notAMember',
  not_allowed: 'errors.notAllowed',
  already_a_member: 'errors.alreadyAMember',
  too_many_members: 'errors.tooManyMembers',
  principal_not_found: 'errors.personNotFound',
  message_not_found: 'errors.messageGone',
  message_deleted: 'errors.messageGone',
  too_late: 'errors.tooLate',
  blocked: 'errors.blocked',
  too_many_pins: 'errors.tooManyPins',
  blob_too_large: 'errors.fileTooLarge',
  content_not_allowed: 'errors.fileNotTaken',
  quota_exceeded: 'errors.filesFull',
  blob_not_found: 'errors.fileGone',
  invite_not_found: 'errors.inviteNotFound',
  invite_expired: 'errors.inviteExpired',
  status_not_found: 'errors.statusGone',
  too_many_statuses: 'errors.tooManyStatuses',
  contact_not_found: 'errors.notAContact',
  schedule_time_invalid: 'errors.scheduleTime',
  too_many_scheduled: 'errors.tooManyScheduled',
  not_changeable: 'errors.notChangeable',
  call_not_found: 'errors.callOver',
  call_ended: 'errors.callOver',
  answered_elsewhere: 'errors.answeredElsewhere',
  in_another_call: 'errors.inAnotherCall',
  sign_in_required: 'errors.signedOut',
  sign_in_failed: 'errors.signInFailed',
  account_exists: 'errors.accountExists',
  account_blocked: 'errors.accountBlocked',
  refresh_token_invalid: 'errors.signedOut',
  token_invalid: 'errors.signedOut',
  code_invalid: 'errors.codeInvalid',
  not_configured: 'errors.notConfigured',
  passkey_refused: 'errors.passkeyRefused',
  passkey_ceremony_over: 'errors.passkeyOver',
  passkey_origin_refused: 'errors.passkeyOrigin',
  busy: 'errors.unavailable',
  rate_limited: 'errors.rateLimited',
  unavailable: 'errors.unavailable',
  internal: 'errors.unavailable',
  network: 'errors.network',
  connection_closed: 'errors.network',
  outbox_full: 'errors.outboxFull',
  expired: 'errors.expired',
};

export function errorText(error: unknown): ErrorText {
  if (!(error instanceof ChatError)) return { key: 'errors.unexpected', params: { code: error instanceof Error ? error.name : 'unknown' } };
  if (error.code === errorCodes.invalid_argument) return { key: 'errors.invalidInput', params: { detail: error.message } };
  return reasonText(errorName(error.code));
}

/** The same, of an error of which only the name is known. */
export function reasonText(name: string): ErrorText {
  return { key: keys[name] ?? 'errors.unexpected', params: { code: name } };
}
