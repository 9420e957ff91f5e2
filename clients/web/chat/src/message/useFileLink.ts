import { type Ref, shallowRef, watch } from 'vue';
import { useConnection } from '../connection/useConnection';

/** Where a file can be read for a while; empty until that is known, and where it is not there for this person (any more). */
export function useFileLink(blobId: () => string | undefined): { url: Readonly<Ref<string>>; forget: () => void } {
  const { files } = useConnection();
  const url = shallowRef('');
  watch(
    blobId,
    async (wanted) => {
      url.value = '';
      if (wanted === undefined) return;
      const link = await files.link(wanted).catch(() => null); // what is to be read has its words without it
      if (link !== null && blobId() === wanted) url.value = link.url;
    },
    { immediate: true },
  );
  return { url, forget: () => (url.value = '') };
}
