export const avatars = {
  profile: 'Profile',
  hint: 'Your privacy settings decide who sees your picture: everyone, your contacts, or nobody.',
  add: 'Add a picture',
  change: 'Change picture',
  remove: 'Remove picture',
  removeTitle: 'Remove this picture?',
  removeText: 'Initials are shown in its place.',
  refused: 'Only a picture can be used for this.',
  crop: {
    title: 'Choose what is shown',
    text: 'Drag the picture, use the arrow keys, or tap what should be in the middle.',
    area: 'Part of the picture that is shown; the arrow keys move it',
    zoom: 'Zoom',
    save: 'Use picture',
    unreadable: 'This picture cannot be read here. Choose another one.',
  },
} as const;
