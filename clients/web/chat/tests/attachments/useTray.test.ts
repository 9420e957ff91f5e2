// @vitest-environment happy-dom
import type { ConnectionState } from '@chat/sdk';
import { beforeEach, expect, it, vi } from 'vitest';
import { clearTray, useTray } from '../../src/attachments/useTray';

let connection: ReturnType<typeof made>;
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => connection }));
vi.mock('../../src/scheduled/useLaterNotices', () => ({ useLaterNotices: () => ({ scheduled: vi.fn(), overdue: vi.fn() }) }));
vi.mock('../../src/scheduled/useScheduledBook', () => ({ useScheduledBook: () => ({ value: null }) }));

function made() {
  const told: ((change: { to: ConnectionState }) => void)[] = [];
  const aborted: string[] = [];
  return {
    client: { chat: () => ({ send: vi.fn() }), on: (_: string, listener: (typeof told)[number]) => told.push(listener) },
    files: {
      upload: (_: Blob, { fileName, signal }: { fileName: string; signal: AbortSignal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.push(fileName);
            reject(signal.reason);
          });
        }),
    },
    aborted,
    close: () => told.forEach((listener) => void listener({ to: { kind: 'closed', since: 0, reason: null } })),
  };
}

beforeEach(() => {
  connection = made();
});

const document = () => new File(['12345'], 'plan.pdf', { type: 'application/pdf' });

/** Whether the browser would ask somebody who closes the page. */
function asks(): boolean {
  const leaving = new Event('beforeunload', { cancelable: true });
  dispatchEvent(leaving);
  return leaving.defaultPrevented;
}

it('a chat keeps its tray while one looks elsewhere; another chat and another account have their own', () => {
  const tray = useTray(7);
  tray.add([document()]);
  expect(useTray(7)).toBe(tray);
  expect(useTray(8).files.value).toEqual([]);
  connection.close();
  connection = made();
  expect(useTray(7).files.value).toEqual([]);
});

it('whoever closes the page is asked as long as any tray holds a file', () => {
  expect(asks()).toBe(false);
  useTray(7).add([document()]);
  useTray(8).add([document()]);
  expect(asks()).toBe(true);
  for (const chatId of [7, 8]) {
    expect(asks()).toBe(true);
    for (const { id } of useTray(chatId).files.value) useTray(chatId).remove(id);
  }
  expect(asks()).toBe(false);
});

it('a sign-out ends what is under way, and asks nobody any more', () => {
  useTray(7).add([document()]);
  connection.close();
  expect([connection.aborted, useTray(7).files.value, asks()]).toEqual([['plan.pdf'], [], false]);
});

it('a chat that is gone takes its files with it, and no other chat’s', () => {
  useTray(7).add([document()]);
  useTray(8).add([document()]);
  clearTray(connection.client as never, 7);
  expect([useTray(7).files.value.length, useTray(8).files.value.length, asks()]).toEqual([0, 1, true]);
  clearTray(connection.client as never, 8);
  expect([connection.aborted, asks()]).toEqual([['plan.pdf', 'plan.pdf'], false]);
});
