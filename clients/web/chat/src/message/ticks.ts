import type { SendState } from '@chat/sdk';

/** How an own message's state is drawn. The label is for screen readers: colour and shape never carry the meaning alone. */
export interface Tick {
  readonly icon: 'clock' | 'one' | 'two' | 'failed';
  readonly tone: 'plain' | 'read' | 'danger';
  readonly label: string;
}

export function tickOf(state: SendState): Tick {
  switch (state) {
    case 'queued':
      return { icon: 'clock', tone: 'plain', label: 'ticks.queued' };
    case 'sending':
      return { icon: 'clock', tone: 'plain', label: 'ticks.sending' };
    case 'sent':
      return { icon: 'one', tone: 'plain', label: 'ticks.sent' };
    case 'delivered':
      return { icon: 'two', tone: 'plain', label: 'ticks.delivered' };
    case 'read':
      return { icon: 'two', tone: 'read', label: 'ticks.read' };
    case 'failed':
      return { icon: 'failed', tone: 'danger', label: 'ticks.failed' };
  }
}
