export { nodeTransport } from './connection/node-transport.js';
