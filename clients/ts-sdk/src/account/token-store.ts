/** What is kept of a signed-in device. The refresh token is a secret: keep it where only this app can read it. */
export interface StoredSession {
  principalId: number;
  name: string;
  accessToken: string;
  accessTokenExpiresAtMs: number;
  refreshToken: string;
}

export interface TokenStore {
  load(): StoredSession | null | Promise<StoredSession | null>;
  save(session: StoredSession): void | Promise<void>;
  clear(): void | Promise<void>;
}

/** Keeps it as long as the program runs: in tests, and where each start signs in. */
export function memoryStore(): TokenStore {
  let held: StoredSession | null = null;
  return {
    load: () => held,
    save: (session) => {
      held = session;
    },
    clear: () => {
      held = null;
    },
  };
}

/** Keeps the session in the browser's local storage, shared by all tabs of the origin. */
export function localStorageStore(key: string): TokenStore {
  return {
    load() {
      const text = localStorage.getItem(key);
      return text === null ? null : parseSession(text);
    },
    save: (session) => localStorage.setItem(key, JSON.stringify(session)),
    clear: () => localStorage.removeItem(key),
  };
}

function parseSession(text: string): StoredSession | null {
  let value: Partial<StoredSession> | null;
  try {
    value = JSON.parse(text) as Partial<StoredSession> | null;
  } catch {
    return null; // another program's entry: the same as none
  }
  if (typeof value?.refreshToken !== 'string' || typeof value.principalId !== 'number') return null;
  return {
    principalId: value.principalId,
    name: value.name ?? '',
    accessToken: value.accessToken ?? '',
    accessTokenExpiresAtMs: value.accessTokenExpiresAtMs ?? 0,
    refreshToken: value.refreshToken,
  };
}
