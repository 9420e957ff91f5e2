import { type InjectionKey, inject, onScopeDispose, provide } from 'vue';

/** How long the list must have stood still. */
export const RestMs = 150;
/** Rows that are completed in one frame. */
const RowsAtOnce = 4;

/**
 * What a row of the list can do without while one scrolls is drawn when the list stands still, some rows a frame: rows that only go by
 * never draw it, and no frame pays for all of them.
 */
export interface LateWork {
  /** Does a thing at rest, unless it is taken back before. */
  add(work: () => void): () => void;
  /** The list moves. */
  moved(): void;
}

const key: InjectionKey<LateWork> = Symbol('late work');

export function provideLateWork(): LateWork {
  const waiting = new Set<() => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;

  function ask(): void {
    stop();
    if (waiting.size > 0) timer = setTimeout(work, RestMs);
  }

  function work(): void {
    for (const one of [...waiting].slice(0, RowsAtOnce)) {
      waiting.delete(one);
      one();
    }
    timer = undefined;
    frame = waiting.size > 0 ? requestAnimationFrame(work) : 0;
  }

  function stop(): void {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    timer = undefined;
    frame = 0;
  }

  onScopeDispose(() => {
    stop();
    waiting.clear();
  });
  const late: LateWork = {
    add(one) {
      waiting.add(one);
      if (timer === undefined && frame === 0) ask();
      return () => waiting.delete(one);
    },
    moved: ask,
  };
  provide(key, late);
  return late;
}

/** A row outside of a list has nothing to wait for. */
export function useLateWork(): Pick<LateWork, 'add'> {
  return (
    inject(key, null) ?? {
      add(one) {
        one();
        return () => undefined;
      },
    }
  );
}
