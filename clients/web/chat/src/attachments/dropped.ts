/** Whether what is dragged or pasted are files. */
export function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') === true;
}

/** The files that were dropped; a folder is none, and reads as one that cannot be read. */
export function dropped(transfer: DataTransfer | null): File[] {
  const items = [...(transfer?.items ?? [])].filter((item) => item.kind === 'file');
  return items
    .filter((item) => item.webkitGetAsEntry?.()?.isDirectory !== true)
    .map((item) => item.getAsFile())
    .filter((file) => file !== null);
}

/** The files of a paste, unless it has text as well: what an office program copies is text with a picture of it. */
export function pasted(transfer: DataTransfer | null): File[] {
  if (!hasFiles(transfer) || transfer?.types.includes('text/plain')) return [];
  return [...(transfer?.files ?? [])];
}
