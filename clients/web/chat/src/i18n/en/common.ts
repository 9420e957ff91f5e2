export const common = {
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  retry: 'Try again',
  notLoaded: 'This part of the page could not be loaded.',
  you: 'You',
  dismiss: 'Dismiss',
  back: 'Back to chats',
} as const;
