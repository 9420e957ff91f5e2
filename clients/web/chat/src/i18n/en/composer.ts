export const composer = {
  label: 'Message to {name}',
  placeholder: 'Write a message',
  send: 'Send',
  later: 'Send later…',
  scheduled: '{count} scheduled message | {count} scheduled messages',
  scheduledFailed: '{count} scheduled message, could not be sent | {count} scheduled messages, some could not be sent',
  cancelReply: 'Cancel reply',
  removePreview: 'Remove link preview',
  tooLong: 'Too long by {count} byte | Too long by {count} bytes',
} as const;
