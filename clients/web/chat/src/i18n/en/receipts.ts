export const receipts = {
  title: 'Message info',
  loading: 'Loading receipts…',
  failed: 'That could not be loaded.',
  read: 'Nobody has read it | Read by {count} | Read by {count}',
  delivered: 'Delivered to nobody else | Delivered to {count} | Delivered to {count}',
  by: '{day} by {time}',
  waiting: 'Not yet delivered to {count} person. | Not yet delivered to {count} people.',
  more: 'Show more',
} as const;
