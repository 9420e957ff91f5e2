import { ChatError, errorCodes, type FileLink, type Files } from '@chat/sdk';
import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import { useConnection } from '../connection/useConnection';

/** A link is asked for anew when it would end within this: what is begun now can still be read. */
const MarginMs = 60_000;
/** Links that are remembered: as many as a long look back shows. */
const MostKept = 300;
const Attempts = 4;

export type LinkState = 'loading' | 'ready' | 'gone' | 'failed';

const known = new WeakMap<object, Map<string, FileLink>>();
/** Those that are being asked for. */
const asked = new WeakMap<object, Map<string, Promise<FileLink>>>();

/** A link to a file, from memory while it is good. The message list makes and drops its rows all the time: each file is asked for once. */
export async function linkOf(files: Pick<Files, 'link'>, blobId: string): Promise<FileLink> {
  const links = known.get(files) ?? new Map<string, FileLink>();
  known.set(files, links);
  const held = links.get(blobId);
  if (held && held.expiresAt.getTime() - Date.now() > MarginMs) return held;
  const fresh = await askedOnce(files, blobId);
  links.delete(blobId);
  const [oldest] = links.keys();
  if (links.size >= MostKept && oldest !== undefined) links.delete(oldest);
  links.set(blobId, fresh);
  return fresh;
}

/** One question for all who want the same file at the same time. */
function askedOnce(files: Pick<Files, 'link'>, blobId: string): Promise<FileLink> {
  const running = asked.get(files) ?? new Map<string, Promise<FileLink>>();
  asked.set(files, running);
  const answer = running.get(blobId) ?? files.link(blobId).finally(() => running.delete(blobId));
  running.set(blobId, answer);
  return answer;
}

/**
 * Where a file of a message can be read. What the service is too busy for is asked for again; a link that has ended is renewed when the file is
 * read next (`renew`), once: what cannot be read then cannot be read.
 */
export function useMediaLink(blobId: () => string | undefined): {
  url: Readonly<Ref<string>>;
  state: Readonly<Ref<LinkState>>;
  renew: () => void;
  retry: () => void;
} {
  const { files } = useConnection();
  const url = shallowRef('');
  const state = ref<LinkState>('loading');
  let renewed = false;
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(attempt = 1): Promise<void> {
    const wanted = blobId();
    turn += 1;
    const mine = turn;
    clearTimeout(timer);
    state.value = 'loading';
    if (wanted === undefined) return;
    try {
      const link = await linkOf(files, wanted);
      if (mine !== turn) return;
      url.value = link.url;
      state.value = 'ready';
    } catch (fault) {
      if (mine !== turn) return;
      url.value = '';
      if (fault instanceof ChatError && fault.code === errorCodes.blob_not_found) state.value = 'gone';
      else if (fault instanceof ChatError && fault.retryable && attempt < Attempts)
        timer = setTimeout(() => void load(attempt + 1), fault.retryAfterMs ?? 1_000 * 2 ** attempt);
      else state.value = 'failed';
    }
  }

  function forget(): void {
    const wanted = blobId();
    if (wanted !== undefined) known.get(files)?.delete(wanted);
    url.value = '';
  }

  watch(
    blobId,
    () => {
      renewed = false;
      url.value = '';
      void load();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });

  return {
    url,
    state,
    renew: () => {
      if (url.value === '') return;
      const again = renewed;
      renewed = true;
      forget();
      if (again) state.value = 'failed';
      else void load();
    },
    retry: () => {
      renewed = false;
      forget();
      void load();
    },
  };
}
