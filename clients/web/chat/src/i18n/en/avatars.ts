export const avatars = {
  profile: 'Profile',
  hint: 'Who sees your picture is set by your privacy: everyone, your contacts, or nobody.',
  add: 'Add a picture',
  change: 'Change picture',
  remove: 'Remove picture',
  removeTitle: 'Remove this picture?',
  removeText: 'Initials are shown in its place.',
  refused: 'Only a picture can be taken for this.',
  crop: {
    title: 'Choose what is shown',
    text: 'Drag the picture, use the arrow keys, or tap what should be in the middle.',
    area: 'Part of the picture that is shown; the arrow keys move it',
    zoom: 'Zoom',
    save: 'Use picture',
    unreadable: 'This picture cannot be read here. Take another one.',
  },
} as const;
