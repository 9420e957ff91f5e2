import { ChatError, errorCodes, type Files, type NewStatus, type UploadedFile } from '@chat/sdk';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import { fileFacts } from '../attachments/fileFacts';
import { contentOf, type FileFacts, kindOfType, uploadName } from '../attachments/fileKinds';

/** Whether a file of this type may be a status, before it is uploaded. */
export function canBeStatus({ type }: Pick<File, 'type'>): boolean {
  const kind = kindOfType(type);
  return kind === 'image' || kind === 'video';
}

type StatusFiles = Pick<Files, 'upload' | 'resume' | 'delete'>;

/** Brings the file of one status up, at once; what is not posted in the end is taken away again. */
export function useStatusUpload(files: StatusFiles, file: File, measure: typeof fileFacts = fileFacts) {
  const kind = kindOfType(file.type);
  /** Refused: the server found that it is neither picture nor film. */
  const state = ref<'uploading' | 'ready' | 'failed' | 'refused'>('uploading');
  const sentBytes = ref(0);
  const fault = shallowRef<unknown>(null);
  let blobId: string | null = null;
  let uploaded: { readonly file: UploadedFile; readonly facts: FileFacts } | null = null;
  let kept = false;
  const abort = new AbortController();

  async function start(): Promise<void> {
    state.value = 'uploading';
    const options = {
      signal: abort.signal,
      onProgress: (progress: { readonly blobId: string; readonly sentBytes: number }) => {
        blobId = progress.blobId;
        sentBytes.value = progress.sentBytes;
      },
    };
    try {
      const facts = measure(file, kind);
      const there =
        blobId === null
          ? await files.upload(file, { ...options, purpose: 'status', fileName: uploadName(file) })
          : await files.resume(blobId, file, options);
      uploaded = { file: there, facts: await facts };
      state.value = canBeStatus({ type: there.contentType }) ? 'ready' : 'refused';
    } catch (thrown) {
      if (abort.signal.aborted) return;
      if (thrown instanceof ChatError && thrown.code === errorCodes.blob_not_found) blobId = null; // the next attempt begins anew
      fault.value = thrown;
      state.value = 'failed';
    }
  }

  onScopeDispose(() => {
    abort.abort();
    if (!kept && blobId !== null) files.delete(blobId).catch(() => undefined); // left alone, it goes by itself in a day
  });
  void start();

  return {
    state,
    fault,
    percent: computed(() => Math.floor((100 * sentBytes.value) / Math.max(1, file.size))),
    start,
    /** What is posted; null while the file is not there. */
    status(caption: string): NewStatus | null {
      if (!uploaded) return null;
      const { kind: found, media } = contentOf(uploaded.file, kind, uploaded.facts);
      if (!media || (found !== 'image' && found !== 'video')) return null;
      return { kind: found, media, ...(caption !== '' && { text: caption }) };
    },
    /** It belongs to a status now, or to one that is on its way: where that fails, the file goes by itself in a day. */
    keep(): void {
      kept = true;
    },
  };
}
