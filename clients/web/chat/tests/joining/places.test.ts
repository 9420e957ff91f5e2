import { expect, it } from 'vitest';
import { channelLink, handleOf, inviteLink, joinPlaceOf } from '../../src/joining/places';

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
