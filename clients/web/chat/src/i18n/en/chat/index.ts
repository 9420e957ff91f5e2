// What only an open chat says: one load for all of it.
export { actions } from '../actions';
export { chatTheme } from '../chatTheme';
export { edit } from '../edit';
export { files } from '../files';
export { find } from '../find';
export { forward } from '../forward';
export { mentions } from '../mentions';
export { pins } from '../pins';
export { reactions } from '../reactions';
export { receipts } from '../receipts';
export { voice } from '../voice';
