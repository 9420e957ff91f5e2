import { isObject, numberOf, textOf } from '../account/json.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ClientOptions, LinkPreview, Media } from '../api.js';
import { present } from '../codec/fields.js';
import * as errorCodes from '../error-codes.js';
import { ChatError } from '../errors.js';

/** Cards of the pages that messages link to, made by the service: over REST, and apart from the core. */
export interface LinkPreviews {
  /**
   * The card of a page, to be sent as it is with a text that has the address: `chat.send({ text, content: { kind: 'text', link } })`. Its picture is
   * uploaded for the chat that is named; without one there is none. Null, with the reason, where there is no preview: the message goes without.
   */
  read(url: string, options?: { chatId?: number }): Promise<LinkPreviewAnswer>;
}

export type LinkPreviewAnswer =
  | { readonly preview: LinkPreview }
  /** `unavailable`: the page cannot be had or says nothing; `refused`: not of such an address; `off`: the service makes none. */
  | { readonly preview: null; readonly reason: 'unavailable' | 'refused' | 'off' };

const reasons = new Map<number, 'unavailable' | 'refused' | 'off'>([
  [errorCodes.preview_unavailable, 'unavailable'],
  [errorCodes.url_refused, 'refused'],
  [errorCodes.not_configured, 'off'],
]);

/** Takes what `createClient` takes: the same address and tokens. */
export function createLinkPreviews(options: Pick<ClientOptions, 'url' | 'token'>): LinkPreviews {
  return new LiveLinkPreviews((method, path, body) => callSignedIn(options.url, options.token, { method, path, body }));
}

export class LiveLinkPreviews implements LinkPreviews {
  readonly #rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>;

  constructor(rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>) {
    this.#rest = rest;
  }

  async read(url: string, { chatId }: { chatId?: number } = {}): Promise<LinkPreviewAnswer> {
    try {
      return { preview: previewOf(await this.#rest('POST', '/api/link-previews', present({ url, chatId }))) };
    } catch (fault) {
      const reason = fault instanceof ChatError ? reasons.get(fault.code) : undefined;
      if (reason === undefined) throw fault;
      return { preview: null, reason };
    }
  }
}

const link = /(?<![\p{L}\p{N}])https?:\/\/[^\s\p{Cc}<>"`]+/giu;
const mostUnits = 2_000;
const openings: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** The first link of a text, as every client finds it (protocol-spec.md §8.16); null where there is none. */
export function firstLink(text: string): string | null {
  for (const [found] of text.matchAll(link)) {
    if (found.length > mostUnits) continue; // none that a preview is made of
    const url = trimmed(found);
    if (url.length > url.indexOf('//') + 2) return url;
  }
  return null;
}

/** Without what ends a sentence, or a bracket that was opened before the link. */
function trimmed(found: string): string {
  let end = found.length;
  for (; end > 0; end--) {
    const last = found[end - 1] as string;
    const opening = openings[last];
    if (opening !== undefined) {
      const inside = found.slice(0, end);
      if (inside.split(opening).length >= inside.split(last).length) break;
    } else if (!".,;:!?'*_~".includes(last)) {
      break;
    }
  }
  return found.slice(0, end);
}

function previewOf(answer: unknown): LinkPreview {
  const image = isObject(answer) && isObject(answer['image']) ? imageOf(answer['image']) : null;
  return present({ ...(answer as object), url: textOf(answer, 'url'), token: textOf(answer, 'token'), image }) as unknown as LinkPreview;
}

function imageOf(answer: object): Media {
  const { width, height } = answer as { width?: number | null; height?: number | null };
  return {
    blobId: textOf(answer, 'blobId'),
    contentType: textOf(answer, 'contentType'),
    bytes: numberOf(answer, 'bytes'),
    ...present({ width, height }),
  };
}
