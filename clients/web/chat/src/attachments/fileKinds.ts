import type { ContentKind, Media, MessageContent, UploadedFile } from '@chat/sdk';

export type FileKind = Extract<ContentKind, 'image' | 'video' | 'audio' | 'voice' | 'document'>;

/** What the menu's two entries offer; the server says in the end what it takes. */
export const MediaAccept = 'image/jpeg,image/png,image/gif,image/webp,video/mp4,video/quicktime,video/webm';
export const DocumentAccept = '.pdf,.doc,.docx,.mp3,.m4a,.ogg,.opus,.wav,.weba,.jpg,.jpeg,.png,.gif,.webp,.mp4,.mov,.webm';

/** What a file counts as by its type, before it is uploaded. */
export function kindOfType(contentType: string): FileKind {
  const family = contentType.slice(0, contentType.indexOf('/'));
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'document';
}

const Extensions: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/gif': 'gif', 'image/webp': 'webp' };

/** The name under which a file goes up: what was pasted may have none, and the server tells the type by the extension. */
export function uploadName(file: Blob & { readonly name?: string }): string {
  const name = file.name ?? '';
  if (/\.[^.]+$/.test(name)) return name;
  const extension = Extensions[file.type];
  return extension ? `${name || 'image'}.${extension}` : name || 'file';
}

/** What was measured of a file in this browser. */
export type FileFacts = Pick<Media, 'width' | 'height' | 'durationMs' | 'preview' | 'waveform'>;

/** The content of a message that shows an uploaded file. What the server found it to be goes before what it was picked as. */
export function contentOf(file: UploadedFile, picked: FileKind, facts: FileFacts): MessageContent {
  const { blobId, contentType, bytes, fileName } = file;
  const found = kindOfType(contentType);
  const fits = picked === 'document' || picked === found || (picked === 'voice' && found === 'audio');
  return { kind: fits ? picked : found, media: { blobId, contentType, bytes, fileName, ...facts } };
}
