export const receipts = {
  title: 'Message info',
  loading: 'Looking who has it…',
  failed: 'That could not be loaded.',
  read: 'Nobody has read it | Read by {count} | Read by {count}',
  delivered: 'Delivered to nobody else | Delivered to {count} | Delivered to {count}',
  by: '{day} by {time}',
  waiting: '{count} person has not got it yet. | {count} people have not got it yet.',
  more: 'Show more',
} as const;
