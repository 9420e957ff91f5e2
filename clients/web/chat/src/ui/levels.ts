import { onScopeDispose } from 'vue';

const levels: (() => unknown)[] = [];

/** For what one can leave by Escape, wherever on the page one is: the last that came is left first. Until the scope ends. */
export function useLevel(leave: () => unknown): void {
  levels.push(leave);
  onScopeDispose(() => {
    const at = levels.lastIndexOf(leave);
    if (at >= 0) levels.splice(at, 1);
  });
}

export function leaveLevel(): void {
  levels.at(-1)?.();
}
