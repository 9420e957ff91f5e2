export const voice = {
  label: 'Voice message',
  record: 'Record a voice message',
  recording: 'Recording. Escape discards it.',
  stop: 'Stop and listen',
  cancel: 'Discard the recording',
  send: 'Send voice message',
  time: 'Length',
  denied: 'The microphone is not allowed for this page. Allow it in the browser’s settings of this site, and try again.',
  missing: 'There is no microphone that can be used. Connect one, and try again.',
} as const;
