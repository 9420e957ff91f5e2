import { ChatError, type InviteLink } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { endOf, useInvites } from '../../src/joining/useInvites';

const toast = vi.fn();
vi.mock('../../src/connection/useErrors', () => ({ useErrors: () => ({ toast }) }));
const scopes: ReturnType<typeof effectScope>[] = [];
beforeEach(() => {
  toast.mockClear();
  vi.useFakeTimers({ now: Date.parse('2026-11-28T12:00:00Z') });
});
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(0);
const linkOf = (code: string, over: Partial<InviteLink> = {}): InviteLink => ({
  code,
  chatId: 7,
  createdBy: 1,
  createdAt: '2026-11-28T11:00:00Z',
  expiresAt: null,
  maxUses: null,
  uses: 0,
  revoked: false,
  ...over,
});

async function setup() {
  const joining = {
    invites: vi.fn(async () => [linkOf('old')]),
    createInvite: vi.fn(async (_chatId: number, _bounds?: object) => linkOf('new')),
    revokeInvite: vi.fn(async () => undefined),
  };
  const scope = effectScope();
  scopes.push(scope);
  const invites = scope.run(() => useInvites(7, joining));
  if (!invites) throw new Error('no scope');
  await settle();
  return { ...invites, joining };
}

it('says why a link lets nobody in any more', () => {
  const now = Date.parse('2026-11-28T12:00:00Z');
  expect(endOf(linkOf('a'), now)).toBeNull();
  expect(endOf(linkOf('a', { expiresAt: '2026-11-28T12:00:01Z', maxUses: 2, uses: 1 }), now)).toBeNull();
  expect(endOf(linkOf('a', { expiresAt: '2026-11-28T12:00:00Z' }), now)).toBe('expired');
  expect(endOf(linkOf('a', { maxUses: 2, uses: 2 }), now)).toBe('used');
  expect(endOf(linkOf('a', { revoked: true, maxUses: 2, uses: 2 }), now)).toBe('revoked');
});

it('makes links with and without bounds, and revokes them', async () => {
  const { links, make, revoke, joining } = await setup();
  expect((await make({ days: 7, uses: 10 }))?.code).toBe('new');
  await make({ days: null, uses: null });
  expect(joining.createInvite.mock.calls).toEqual([
    [7, { expiresAt: new Date('2026-12-05T12:00:00Z'), maxUses: 10 }],
    [7, {}],
  ]);
  expect(links.value.map(({ code }) => code)).toEqual(['new', 'new', 'old']);
  expect(await revoke('old')).toBe(true);
  expect([joining.revokeInvite.mock.calls, links.value.at(-1)?.revoked]).toEqual([[[7, 'old']], true]);
});

it('what is refused is told and changes nothing; what could not be loaded is asked for again', async () => {
  const { links, state, load, make, revoke, busy, joining } = await setup();
  const fault = new ChatError(100, 'as many as it may have');
  joining.createInvite.mockRejectedValueOnce(fault);
  joining.revokeInvite.mockRejectedValueOnce(fault);
  expect([await make({ days: 1, uses: 1 }), await revoke('old'), busy.value]).toEqual([null, null, false]);
  expect([toast.mock.calls, links.value]).toEqual([[[fault], [fault]], [linkOf('old')]]);
  joining.invites.mockRejectedValueOnce(fault);
  await load();
  expect(state.value).toBe('failed');
  await load();
  expect([state.value, links.value.length]).toEqual(['done', 1]);
});

it('a list from before a link was made does not take it away', async () => {
  const { links, state, load, make, joining } = await setup();
  let late: (found: InviteLink[]) => void = () => undefined;
  joining.invites
    .mockImplementationOnce(() => new Promise((resolve) => (late = resolve)))
    .mockResolvedValueOnce([linkOf('new'), linkOf('old')]);
  const loading = load();
  await make({ days: null, uses: null });
  await settle();
  late([linkOf('old')]);
  await loading;
  expect([links.value.map(({ code }) => code), state.value]).toEqual([['new', 'old'], 'done']);
});
