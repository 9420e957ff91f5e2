export const mentions = {
  list: 'People to mention',
  found: 'Nobody found | {count} person, up and down to choose | {count} people, up and down to choose',
} as const;
