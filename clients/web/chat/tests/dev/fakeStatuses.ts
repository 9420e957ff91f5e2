// Statuses without a server, for `npx vite --mode fake`: two people show something.
import type { Contact, People, Status, StatusAuthor, Statuses } from '../../../../ts-sdk/src/index';

const Hour = 3_600_000;
const started = Date.now();
const names: Readonly<Record<number, string>> = { 2: 'Ben Okafor', 4: 'דנה לוי' };

function statusOf(id: number, authorId: number, text: string, background: string): Status {
  const [createdAt, expiresAt] = [started - Hour, started + 23 * Hour].map((ms) => new Date(ms).toISOString()) as [string, string];
  return { id, authorId, kind: 'text', text, background, font: 'serif', media: null, createdAt, expiresAt, seen: false };
}

let shown: Status[] = [
  statusOf(1, 2, 'Green on both machines', '#2F7035'),
  statusOf(2, 2, 'And nothing lost', '#5B46B8'),
  statusOf(3, 4, 'שבת שלום', '#1D5FA8'),
];
const muted = new Set<number>();

function authorOf(authorId: number): StatusAuthor {
  const own = shown.filter((status) => status.authorId === authorId);
  return {
    authorId,
    name: names[authorId] ?? '',
    ownName: null,
    avatar: null,
    total: own.length,
    unseen: own.filter(({ seen }) => !seen).length,
    muted: muted.has(authorId),
    newestId: own.at(-1)?.id ?? 0,
    newestAt: own.at(-1)?.createdAt ?? '',
  };
}

export function createStatuses(): Statuses {
  return {
    authors: async () => ({ authors: [2, 4].map(authorOf), nextCursor: null }),
    of: async (principalId) => shown.filter(({ authorId }) => authorId === principalId),
    post: async ({ text, background }) => {
      const posted = statusOf(shown.length + 1, 1, text ?? '', background ?? '');
      shown = [...shown, posted];
      return posted;
    },
    view: async (statusId) => {
      shown = shown.map((status) => (status.id === statusId ? { ...status, seen: true } : status));
    },
    mute: async (principalId) => void muted.add(principalId),
    unmute: async (principalId) => void muted.delete(principalId),
    viewers: async () => ({
      viewers: [{ principalId: 2, name: names[2] ?? '', avatar: null, viewedAt: new Date(started).toISOString() }],
      total: 1,
      nextCursor: null,
    }),
    delete: async (statusId) => {
      shown = shown.filter(({ id }) => id !== statusId);
    },
    privacy: async () => ({ audience: 'contacts', people: [] }),
    setPrivacy: async (privacy) => privacy,
    answer: ({ id, text }, content = { kind: 'text' }) => ({ ...content, status: { statusId: id, kind: 'text', ...(text && { text }) } }),
  };
}

export const followStatuses = (): (() => void) => () => undefined;

export function createPeople(): Pick<People, 'contacts' | 'findContact' | 'findPerson'> {
  const contacts = Object.entries(names).map(
    ([id, name]): Contact => ({
      principalId: Number(id),
      name,
      ownName: null,
      favourite: false,
      statusesMuted: false,
      blocked: false,
      about: null,
      avatar: null,
      addedAt: new Date(started).toISOString(),
    }),
  );
  return {
    findPerson: async (login) => (login.includes('ben') ? { principalId: 2, name: names[2] ?? '' } : null),
    contacts: async () => contacts,
    findContact: async (id) => contacts.find(({ principalId }) => principalId === id) ?? null,
  };
}
