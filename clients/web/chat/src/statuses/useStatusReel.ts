import type { Status } from '@chat/sdk';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import { isOver } from './statusFeed';

const TickMs = 50;
const LeastMs = 5_000;
const MostMs = 15_000;
const PerCharacterMs = 45;

export interface ReelPorts {
  /** All that a person shows, in the order of posting. */
  readonly load: (authorId: number) => Promise<readonly Status[]>;
  /** One has it before the eyes. */
  readonly seen: (status: Status) => void;
  /** There is nothing after the last one; told once. */
  readonly ended: () => void;
}

/** How long something stands: a film as long as it is, a text as long as it takes to read it. */
export function standsMs({ kind, text, media }: Pick<Status, 'kind' | 'text' | 'media'>): number {
  if (kind === 'video' && media?.durationMs) return media.durationMs;
  return Math.min(MostMs, LeastMs + PerCharacterMs * [...(text ?? '')].length);
}

/** Statuses of one person after the other, each for its time. Time stands still while something holds it, or what is shown is not there yet. */
export function useStatusReel(authorIds: readonly number[], startId: number, { load, seen, ended }: ReelPorts) {
  const author = ref(startId);
  const items = shallowRef<readonly Status[]>([]);
  const at = ref(0);
  const phase = ref<'loading' | 'shown' | 'empty' | 'failed'>('loading');
  const elapsedMs = ref(0);
  const isReady = ref(false);
  const paused = ref(false);
  const holds = ref<ReadonlySet<string>>(new Set());
  const current = computed(() => items.value[at.value] ?? null);
  const isFinished = ref(false);
  const filmMs = ref(0);
  const lengthMs = computed(() => filmMs.value || (current.value ? standsMs(current.value) : LeastMs));
  const runs = computed(() => phase.value === 'shown' && !isFinished.value && isReady.value && !paused.value && holds.value.size === 0);
  let turn = 0;

  async function open(authorId: number, place: 'new' | 'last'): Promise<void> {
    turn += 1;
    const mine = turn;
    author.value = authorId;
    items.value = [];
    phase.value = 'loading';
    try {
      const found = (await load(authorId)).filter((status) => !isOver(status, Date.now()));
      if (mine !== turn) return;
      items.value = found;
      phase.value = found.length > 0 ? 'shown' : 'empty';
      const fresh = found.findIndex((status) => !status.seen);
      show(place === 'last' ? found.length - 1 : Math.max(0, fresh));
    } catch {
      if (mine === turn) phase.value = 'failed';
    }
  }

  function show(index: number): void {
    at.value = index;
    elapsedMs.value = 0;
    filmMs.value = 0;
    isReady.value = current.value?.kind !== 'image' && current.value?.kind !== 'video'; // these say themselves when they are there
    if (current.value) seen(current.value);
  }

  function neighbour(step: 1 | -1): number | undefined {
    return authorIds[authorIds.indexOf(author.value) + step];
  }

  function finish(): void {
    if (isFinished.value) return;
    isFinished.value = true;
    ended();
  }

  function next(): void {
    const after = neighbour(1);
    if (at.value + 1 < items.value.length) show(at.value + 1);
    else if (after === undefined) finish();
    else void open(after, 'new');
  }

  function previous(): void {
    const before = neighbour(-1);
    if (at.value > 0) show(at.value - 1);
    else if (before === undefined) elapsedMs.value = 0;
    else void open(before, 'last');
  }

  const ticks = setInterval(() => {
    if (!runs.value) return;
    elapsedMs.value += TickMs;
    if (elapsedMs.value >= lengthMs.value) next();
  }, TickMs);
  onScopeDispose(() => {
    turn += 1;
    clearInterval(ticks);
  });
  void open(startId, 'new');

  return {
    author,
    items,
    at,
    current,
    phase,
    runs,
    paused,
    progress: computed(() => Math.min(1, elapsedMs.value / lengthMs.value)),
    next,
    previous,
    retry: () => open(author.value, 'new'),
    /** Time stands still for as long as anything holds it. */
    hold(why: string, on: boolean): void {
      const after = new Set(holds.value);
      if (on) after.add(why);
      else after.delete(why);
      holds.value = after;
    },
    /** The picture or film is there, or cannot be shown; a film says how long it is. */
    ready(durationMs = 0): void {
      isReady.value = true;
      filmMs.value = Number.isFinite(durationMs) ? durationMs : 0;
    },
    /** It was deleted: on with what is left. */
    drop(id: number): void {
      items.value = items.value.filter((status) => status.id !== id);
      if (items.value.length === 0) finish();
      else show(Math.min(at.value, items.value.length - 1));
    },
  };
}
