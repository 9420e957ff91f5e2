/** Of this package; told to the server in the hello. */
export const version = '0.1.0';
