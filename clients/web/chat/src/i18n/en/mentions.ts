export const mentions = {
  list: 'People to mention',
  found: 'No one found | {count} person, up and down to choose | {count} people, up and down to choose',
} as const;
