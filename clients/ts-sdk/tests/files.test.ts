import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as errorCodes from '../src/error-codes.js';
import { ChatError, createFiles, type Files, type UploadProgress } from '../src/index.js';

const blobId = '0123456789abcdef0123456789abcdef';
const part = 65_536;
const content = Uint8Array.from({ length: 3 * part + 5 }, (_, i) => i % 251);
const file = new Blob([content]);

/** What the server does with a part: takes it, takes it and breaks the line, or answers something else. */
type Part = 'take' | 'lose' | [status: number, problem: object];

let received: Uint8Array[] = [];
let size = 0;
let parts = 0;
let onPart: (part: number) => Part = () => 'take';
const asked: string[] = [];
let files: Files;
let url = '';
let stop: () => void = () => {};

function offset(): number {
  return received.reduce((sum, bytes) => sum + bytes.length, 0);
}

function whole(): Uint8Array {
  return new Uint8Array(Buffer.concat(received));
}

function problem(code: number, name: string, more: object = {}): object {
  return { type: 'x', title: 't', status: 400, detail: name, code, name, retryable: false, requestId: 'r', ...more };
}

const busy: [number, object] = [503, problem(400, 'busy', { retryable: true, retryAfterMs: 5 })];

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const { method = '', url: path = '' } = request;
  asked.push(`${method} ${path}`);
  const json = (status: number, value: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  const state = (): object => ({ blobId, offset: offset(), bytes: size, minPartBytes: part, maxPartBytes: 8 * part, later: 1 });
  const stored = {
    blobId,
    purpose: 'media',
    chatId: 7,
    fileName: 'a.png',
    contentType: 'image/png',
    bytes: size,
    createdAt: '2026-01-01T00:00:00Z',
  };

  if (path === '/api/media/uploads') {
    size = (JSON.parse(body.toString()) as { bytes: number }).bytes;
    return json(201, state());
  }
  if (path.startsWith(`/api/media/${blobId}/link`))
    return json(200, { url: `/media/${blobId}?expires=1&signature=x`, urlExpiresAt: '2026-01-01T00:30:00Z', file: stored });
  if (method === 'DELETE') return void response.writeHead(204).end();
  if (method === 'GET') return json(200, state());
  if (method === 'POST') return json(200, stored);

  const verdict = onPart(parts++);
  if (Array.isArray(verdict)) return json(...verdict);
  if (Number(path.split('offset=')[1]) !== offset()) return json(409, problem(223, 'upload_offset_mismatch'));
  received.push(body);
  if (verdict === 'lose') return void request.socket.destroy();
  json(200, state());
}

beforeEach(async () => {
  received = [];
  size = 0;
  parts = 0;
  onPart = () => 'take';
  asked.length = 0;
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  files = createFiles({ url, token: () => Promise.resolve('token'), partBytes: part });
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
});

afterEach(() => stop());

test('a file goes up in parts and progress is told', async () => {
  const told: UploadProgress[] = [];

  const stored = await files.upload(file, { fileName: 'a.png', chatId: 7, onProgress: (progress) => told.push(progress) });

  expect(whole()).toEqual(content);
  expect(told.map((progress) => progress.sentBytes)).toEqual([0, part, 2 * part, 3 * part, content.length]);
  expect(told.every((progress) => progress.blobId === blobId && progress.totalBytes === content.length)).toBe(true);
  expect(stored).toMatchObject({ blobId, purpose: 'media', chatId: 7, expiresAt: null, createdAt: new Date('2026-01-01T00:00:00Z') });
});

test('a part that was refused for the moment is sent again', async () => {
  onPart = (n) => (n === 1 ? busy : 'take');

  await files.upload(file, { fileName: 'a.png', chatId: 7 });

  expect(whole()).toEqual(content);
  expect(parts).toBe(5);
});

test('a part whose answer was lost is not sent again', async () => {
  onPart = (n) => (n === 0 || n === 3 ? 'lose' : 'take');

  await files.upload(file, { fileName: 'a.png', chatId: 7 });

  expect(whole()).toEqual(content);
  expect(parts).toBe(4);
});

test('a paused upload goes on where it was', async () => {
  const pause = new AbortController();
  const paused = files.upload(file, {
    fileName: 'a.png',
    chatId: 7,
    signal: pause.signal,
    onProgress: ({ sentBytes }) => {
      if (sentBytes === 2 * part) pause.abort();
    },
  });
  await expect(paused).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  expect(offset()).toBe(2 * part);

  const stored = await files.resume(blobId, file);

  expect(whole()).toEqual(content);
  expect(stored.bytes).toBe(content.length);
});

test('a server that stays away ends the attempt, and the upload can go on', async () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  onPart = (n) => (n === 0 ? 'take' : busy);

  await expect(files.upload(file, { fileName: 'a.png', chatId: 7 })).rejects.toThrow(expect.objectContaining({ code: errorCodes.busy }));
  expect(parts).toBe(10);
  random.mockRestore();

  onPart = () => 'take';
  await files.resume(blobId, file);
  expect(whole()).toEqual(content);
});

test('a pause ends the waiting for another attempt at once', async () => {
  onPart = () => [503, problem(400, 'busy', { retryable: true, retryAfterMs: 60_000 })];
  const pause = new AbortController();
  const paused = files.upload(file, { fileName: 'a.png', chatId: 7, signal: pause.signal });
  while (parts === 0) await new Promise((resolve) => setTimeout(resolve, 5));

  pause.abort();

  await expect(paused).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
});

test('what is refused for good is not tried again', async () => {
  onPart = () => [404, problem(220, 'blob_not_found')];

  await expect(files.upload(file, { fileName: 'a.png', chatId: 7 })).rejects.toThrow(expect.objectContaining({ code: 220 }));

  expect(parts).toBe(1);
});

test('a server that tells another place for ever is not followed for ever', async () => {
  onPart = () => [409, problem(223, 'upload_offset_mismatch')];

  await expect(files.upload(file, { fileName: 'a.png', chatId: 7 })).rejects.toBeInstanceOf(ChatError);
});

test('a link is absolute, and deleting names the file', async () => {
  const link = await files.link(blobId);
  await files.delete(blobId);

  expect(link.url).toBe(`${url}/media/${blobId}?expires=1&signature=x`);
  expect(link.expiresAt).toEqual(new Date('2026-01-01T00:30:00Z'));
  expect(asked.at(-1)).toBe(`DELETE /api/media/delete?blobId=${blobId}`);
});

test('the picture of a chat is asked for with the invite by which one looks at it', async () => {
  await files.link(blobId, 'a_b-c');

  expect(asked.at(-1)).toBe(`GET /api/media/${blobId}/link?invite=a_b-c`);
});
