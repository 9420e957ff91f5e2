import { type Ref, readonly, ref } from 'vue';

export interface Toast {
  readonly id: number;
  readonly tone: 'error' | 'info';
  readonly text: string;
}

const ShownMs = 7_000;
const MaxShown = 3;
const toasts = ref<Toast[]>([]);
let lastId = 0;

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

function show(tone: Toast['tone'], text: string): void {
  if (toasts.value.some((toast) => toast.text === text)) return; // the same fault twice is one piece of news
  lastId += 1;
  const id = lastId;
  toasts.value = [...toasts.value, { id, tone, text }].slice(-MaxShown);
  setTimeout(() => dismiss(id), ShownMs);
}

/** Short notes at the edge of the page: what went wrong and what to do. */
export function useToasts(): {
  toasts: Readonly<Ref<readonly Toast[]>>;
  showError: (text: string) => void;
  showInfo: (text: string) => void;
  dismiss: (id: number) => void;
} {
  return { toasts: readonly(toasts), showError: (text) => show('error', text), showInfo: (text) => show('info', text), dismiss };
}
