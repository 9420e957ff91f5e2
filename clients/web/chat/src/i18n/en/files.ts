export const files = {
  attach: 'Attach a file',
  media: 'Photos and videos',
  document: 'Document',
  tray: 'Files to send',
  caption: 'Add a caption',
  uploaded: '{percent} % of {size}',
  sending: 'Sending…',
  progress: 'Upload of {name}',
  remove: 'Remove {name}',
  retry: 'Try {name} again',
  drop: 'Drop files here to send them',
} as const;
