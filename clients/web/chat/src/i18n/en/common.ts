export const common = {
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  retry: 'Try again',
  you: 'You',
  dismiss: 'Dismiss',
  back: 'Back to chats',
} as const;
