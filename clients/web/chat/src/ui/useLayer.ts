import { type Ref, readonly, ref } from 'vue';

/** What can stand over the whole page, whatever part of it is shown; one at a time. */
export type Layer =
  | 'newChat'
  | 'newGroup'
  | 'newChannel'
  | 'join'
  | 'starred'
  | 'scheduled'
  | 'palette'
  | 'help'
  | 'markAllRead'
  | 'signOut';

const layer = ref<Layer | null>(null);

/** The layer over the page: menus and buttons show it, `ui/PageLayers.vue` draws it. */
export function useLayer(): { layer: Readonly<Ref<Layer | null>>; showLayer: (next: Layer) => void; closeLayer: () => void } {
  return {
    layer: readonly(layer),
    showLayer: (next) => {
      layer.value = next;
    },
    closeLayer: () => {
      layer.value = null;
    },
  };
}
