import type { Media } from '@chat/sdk';
import { ref } from 'vue';
import { useConnection } from '../connection/useConnection';
import { useErrors } from '../connection/useErrors';
import { saveFrom } from './fileDownload';
import { linkOf } from './useMediaLink';

/** Saves a file: its link is asked for when it is wanted, so one that ended is no matter. */
export function useDownload() {
  const { files } = useConnection();
  const { toast } = useErrors();
  const busy = ref(false);

  async function download(media: Media): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      const { url, file } = await linkOf(files, media.blobId);
      saveFrom(url, file.fileName);
    } catch (fault) {
      toast(fault);
    } finally {
      busy.value = false;
    }
  }
  return { busy, download };
}
