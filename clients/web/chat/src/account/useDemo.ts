import { onMounted, type Ref, shallowRef } from 'vue';

export interface DemoAccount {
  readonly name: string;
  readonly login: string;
  readonly password: string;
}

/** What a server in development tells, for those who try it out. */
export interface Demo {
  readonly accounts: readonly DemoAccount[];
  /** Of addresses of these kinds, `email` and `phone`, codes are written to the server's log in the place of being sent. */
  readonly codesInLog: readonly string[];
}

const none: Demo = { accounts: [], codesInLog: [] };

/** Reads the answer of `/api/demo` with suspicion: anything that is not an account is left out. */
export function parseDemo(answer: unknown): Demo {
  if (!isRecord(answer)) return none;
  return {
    accounts: listOf(answer['accounts']).filter(isAccount),
    codesInLog: listOf(answer['codesInLog']).filter((kind) => typeof kind === 'string'),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isAccount(value: unknown): value is DemoAccount {
  return isRecord(value) && (['name', 'login', 'password'] as const).every((key) => typeof value[key] === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

let asked: Promise<Demo> | null = null;

/** Once a page, by the part that needs it first; again only where nothing was answered. */
function askOnce(): Promise<Demo> {
  asked ??= ask().catch(() => {
    asked = null;
    return none; // no demo without a server; what is done next will say what is wrong
  });
  return asked;
}

async function ask(): Promise<Demo> {
  const response = await fetch('/api/demo', { headers: { accept: 'application/json' } });
  if (response.status === 404) return none; // it is in development alone
  if (!response.ok) throw new Error(`The demo's accounts could not be had: ${response.status}.`);
  return parseDemo(await response.json());
}

/** What the server tells for those who try it out; nothing of it everywhere else. */
export function useDemo(): Readonly<Ref<Demo>> {
  const demo = shallowRef(none);
  onMounted(async () => {
    demo.value = await askOnce();
  });
  return demo;
}
