import type { SignedInDevice } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { useDeviceList } from '../../src/settings/devices/useDeviceList';
import { quietClient, scoped, settle } from './heard';

const device = (deviceId: number, hour: number, current = false): SignedInDevice => ({
  deviceId,
  name: `d${deviceId}`,
  current,
  createdAt: '2026-01-01T00:00:00Z',
  lastUsedAt: `2026-01-01T0${hour}:00:00Z`,
});

function setup(...first: SignedInDevice[]) {
  let stored = first;
  const people = {
    devices: vi.fn(async () => stored),
    signOutDevice: vi.fn(async (deviceId: number) => {
      stored = stored.filter((one) => one.deviceId !== deviceId);
    }),
  };
  const own = scoped(() => useDeviceList(quietClient().client, people));
  return {
    ...own,
    people,
    join: (one: SignedInDevice) => (stored = [...stored, one]),
    others: () => own.others.value.map((one) => one.deviceId),
  };
}

it('this device stands apart, the others by their last use', async () => {
  const { here, others } = setup(device(1, 2), device(2, 3, true), device(3, 5));
  await settle();
  expect([here.value?.deviceId, others()]).toEqual([2, [3, 1]]);
});

it('all others are those of now', async () => {
  const { here, others, join, signOutOthers, people } = setup(device(1, 2), device(2, 3, true));
  await settle();
  join(device(4, 4));
  await signOutOthers();
  expect(people.signOutDevice.mock.calls).toEqual([[1], [4]]);
  expect([here.value?.deviceId, others()]).toEqual([2, []]);
});

it('one that could not be signed out stays in the list', async () => {
  const { others, signOut, people } = setup(device(1, 2), device(2, 3, true));
  await settle();
  people.signOutDevice.mockRejectedValueOnce(new Error('away'));
  await expect(signOut(1)).rejects.toThrow('away');
  expect(others()).toEqual([1]);
  await signOut(1);
  expect(others()).toEqual([]);
});
