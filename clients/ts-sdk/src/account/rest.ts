import { asChatError, ChatError } from '../errors.js';
import * as localErrors from '../local-errors.js';
import { isObject } from './json.js';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RestRequest {
  method: HttpMethod;
  /** Below the base address, e.g. `/api/groups`. */
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as they are, in the place of a body. */
  bytes?: Blob;
  token?: string;
  /** Ends the call before its deadline. */
  signal?: AbortSignal | undefined;
}

const deadlineMs = 15_000;
/** Bytes may go over a slow line. */
const bytesDeadlineMs = 120_000;

/** One call of the REST interface. Failures of every kind come as `ChatError` (problem+json carries the wire's codes). */
export async function callRest(baseUrl: string, request: RestRequest): Promise<unknown> {
  const { method, bytes, token, signal } = request;
  const json = JSON.stringify(request.body) as string | undefined; // undefined of undefined
  const headers: Record<string, string> = { accept: 'application/json' };
  if (json) headers['content-type'] = 'application/json';
  if (token) headers['authorization'] = `Bearer ${token}`;
  const deadline = AbortSignal.timeout(bytes ? bytesDeadlineMs : deadlineMs);
  const init = { method, headers, body: bytes ?? json, signal: signal ? AbortSignal.any([deadline, signal]) : deadline } as RequestInit;

  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL(request.path, baseUrl), init);
    text = await response.text();
  } catch (thrown) {
    throw asChatError(thrown);
  }
  const answer = parseJson(text);
  if (!response.ok) throw problem(response, answer);
  if (answer === undefined && text) throw new ChatError(localErrors.malformed_answer, 'The answer is not JSON.');
  return answer;
}

/** RFC 9457, as the server writes it. */
interface Problem {
  readonly code: number;
  readonly detail: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly requestId?: string;
}

function problem(response: Response, answer: unknown): ChatError {
  if (isObject(answer) && typeof answer['code'] === 'number') {
    const { code, detail, ...options } = answer as unknown as Problem;
    return new ChatError(code, detail, options);
  }
  const retryable = response.status >= 500 || response.status === 429;
  return new ChatError(localErrors.malformed_answer, `The server answered ${response.status}.`, { retryable });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // judged by the caller, who knows the status
  }
}
