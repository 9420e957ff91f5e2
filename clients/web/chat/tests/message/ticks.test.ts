import type { SendState } from '@chat/sdk';
import { describe, expect, it } from 'vitest';
import * as en from '../../src/i18n/en';
import { tickOf } from '../../src/message/ticks';

const states: readonly SendState[] = ['queued', 'sending', 'sent', 'delivered', 'read', 'failed'];

describe('ticks', () => {
  it('go from clock over one and two to two coloured', () => {
    expect(states.map((s) => `${tickOf(s).icon}/${tickOf(s).tone}`)).toEqual([
      'clock/plain',
      'clock/plain',
      'one/plain',
      'two/plain',
      'two/read',
      'failed/danger',
    ]);
  });

  it('say in words what they show, each state its own', () => {
    const labels = states.map((s) => en.ticks[tickOf(s).label.replace('ticks.', '') as keyof typeof en.ticks]);
    expect(labels.every((label) => label.length > 0)).toBe(true);
    expect(new Set(labels).size).toBe(states.length);
  });
});
