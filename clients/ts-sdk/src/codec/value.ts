/** What the wire is made of (protocol-spec.md §3.5). */
export type Value = null | boolean | number | string | Uint8Array | readonly Value[];
