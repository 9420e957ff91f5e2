import type { Ref } from 'vue';

/** ↑ ↓ Home End move between the links of a list; Tab still visits them, as in any list of links. */
export function useListKeys(list: Readonly<Ref<HTMLElement | null>>): (event: KeyboardEvent) => void {
  return (event) => {
    const links = [...(list.value?.querySelectorAll<HTMLElement>('a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const next = nextIndex(event.key, at, links.length);
    if (at < 0 || next === null) return;
    event.preventDefault();
    links[next]?.focus();
  };
}

/** Where a key leads from `at` among `count` items; null for a key that does not move. */
export function nextIndex(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
