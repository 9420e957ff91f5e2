export const edit = { title: 'Edit message', label: 'New text of the message', cancel: 'Cancel editing', save: 'Save' } as const;
