export const composer = {
  label: 'Message to {name}',
  placeholder: 'Write a message',
  send: 'Send',
  cancelReply: 'Cancel reply',
  removePreview: 'Remove link preview',
  tooLong: 'Too long by {count} byte | Too long by {count} bytes',
} as const;
