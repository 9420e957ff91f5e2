import type { Files, UploadOptions } from '@chat/sdk';
import { ref } from 'vue';
import { isUnsure } from '../connection/isUnsure';
import { useErrors } from '../connection/useErrors';

/** Of whom or what a picture is set, and how. */
export interface PictureOf {
  readonly upload: Pick<UploadOptions, 'purpose' | 'chatId'>;
  readonly current: () => string | null;
  /** An empty text takes the picture away. */
  readonly set: (reference: string) => Promise<unknown>;
}

/** Sets a picture and takes it away. The file that was shown before is nobody's any more, and goes, where it is one's own. */
export function usePicture(files: Pick<Files, 'upload' | 'delete'>, target: PictureOf) {
  const { toast } = useErrors();
  const busy = ref(false);

  /** True when it is done; a fault is told. Without a definite answer the new picture may be shown by now, so its file stays. */
  async function change(make: () => Promise<string>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    const before = target.current();
    let made = '';
    try {
      made = await make();
      await target.set(made);
      drop(before);
      return true;
    } catch (fault) {
      toast(fault);
      if (!isUnsure(fault)) drop(made);
      return false;
    } finally {
      busy.value = false;
    }
  }

  /** Who may not delete it, of another admin's say, leaves it to its owner. */
  function drop(blobId: string | null): void {
    if (blobId) files.delete(blobId).catch(() => undefined);
  }

  return {
    busy,
    save: (picture: Blob) => change(async () => (await files.upload(picture, { ...target.upload, fileName: 'picture.jpg' })).blobId),
    remove: () => change(async () => ''),
  };
}
