import { onMounted, type Ref, ref } from 'vue';

export interface DemoAccount {
  readonly name: string;
  readonly login: string;
  readonly password: string;
}

/** Reads the answer of `/api/demo` with suspicion: anything that is not an account is left out. */
export function parseDemoAccounts(answer: unknown): DemoAccount[] {
  const accounts = isRecord(answer)
    ? (answer['accounts'] ?? (isRecord(answer['data']) ? answer['data']['accounts'] : undefined))
    : undefined;
  if (!Array.isArray(accounts)) return [];
  return accounts.filter(
    (a: unknown): a is DemoAccount =>
      isRecord(a) && typeof a['name'] === 'string' && typeof a['login'] === 'string' && typeof a['password'] === 'string',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Accounts that a server in development mode offers; empty everywhere else. */
export function useDemoAccounts(): Ref<readonly DemoAccount[]> {
  const accounts = ref<readonly DemoAccount[]>([]);
  onMounted(async () => {
    try {
      const response = await fetch('/api/demo', { headers: { accept: 'application/json' } });
      if (response.ok) accounts.value = parseDemoAccounts(await response.json());
    } catch {
      accounts.value = []; // no demo without a server; signing in itself will say what is wrong
    }
  });
  return accounts;
}
