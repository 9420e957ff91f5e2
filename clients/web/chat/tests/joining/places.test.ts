import { ChatError } from '@chat/sdk';
import { expect, it } from 'vitest';
import { channelLink, handleOf, inviteLink, isHandleTaken, joinPlaceOf } from '../../src/joining/places';

const Here = 'https://chat.example';
const code = 'Ab0_-cdEFghiJKlmnOPqrs';
const invite = { name: 'invite', params: { code } };
const channel = (handle: string) => ({ name: 'channel', params: { handle } });
const placeOf = (text: string) => joinPlaceOf(text, Here);

it('reads the links that it makes, and what is typed of them', () => {
  expect([placeOf(inviteLink(code, Here)), placeOf(` ${code} `), placeOf(`${inviteLink(code, Here)}/`)]).toEqual([invite, invite, invite]);
  expect([placeOf(channelLink('daily_news', Here)), placeOf('@Daily_News'), placeOf('daily_news')]).toEqual(
    Array.from({ length: 3 }, () => channel('daily_news')),
  );
});

it('leads to no other service, and not to what is no name', () => {
  for (const text of [
    `https://evil.example/join/${code}`,
    `${Here}/chat/7`,
    `${Here}/join/short`,
    'no',
    '9lives',
    'two words',
    'javascript:alert(1)',
    '',
  ])
    expect([text, placeOf(text)]).toEqual([text, null]);
});

it('takes a public name as the service has it', () => {
  expect([handleOf(' @News24 '), handleOf('abc'), handleOf('a'.repeat(33)), handleOf('né_ws')]).toEqual(['news24', null, null, null]);
});

it('tells a public name that another channel has from what else is refused', () => {
  const faults = [
    new ChatError(100, 'handle is the public name of another channel: choose another.'),
    new ChatError(100, 'name is too long.'),
    new ChatError(203, 'handle'),
    new Error('handle'),
  ];
  expect(faults.map(isHandleTaken)).toEqual([true, false, false, false]);
});
