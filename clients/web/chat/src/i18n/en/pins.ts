export const pins = { pinned: 'Pinned', bar: 'Pinned message', of: '{at} of {count}', next: 'Go to the pinned message:' } as const;
