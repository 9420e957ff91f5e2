// Bytes by hand, for what an encoder does not write: longer forms, and faults.

export const u8 = (...bytes) => Buffer.from(bytes);
export const join = (...parts) => Buffer.concat(parts);

const sized = (code, width, n) => {
  const bytes = Buffer.alloc(1 + width);
  bytes[0] = code;
  bytes.writeUIntBE(n, 1, Math.min(width, 6));
  return bytes;
};

export const uint8 = (n) => sized(0xcc, 1, n);
export const uint16 = (n) => sized(0xcd, 2, n);
export const uint32 = (n) => sized(0xce, 4, n);
export const uint64 = (n) => { const b = Buffer.alloc(9, 0xcf); b.writeBigUInt64BE(BigInt(n), 1); return b; };
export const int8 = (n) => { const b = Buffer.alloc(2, 0xd0); b.writeInt8(n, 1); return b; };
export const int16 = (n) => { const b = Buffer.alloc(3, 0xd1); b.writeInt16BE(n, 1); return b; };
export const int32 = (n) => { const b = Buffer.alloc(5, 0xd2); b.writeInt32BE(n, 1); return b; };
export const int64 = (n) => { const b = Buffer.alloc(9, 0xd3); b.writeBigInt64BE(BigInt(n), 1); return b; };
export const float32 = (n) => { const b = Buffer.alloc(5, 0xca); b.writeFloatBE(n, 1); return b; };
export const float64 = (n) => { const b = Buffer.alloc(9, 0xcb); b.writeDoubleBE(n, 1); return b; };
export const str8 = (s) => join(sized(0xd9, 1, Buffer.byteLength(s)), Buffer.from(s));
export const str16 = (s) => join(sized(0xda, 2, Buffer.byteLength(s)), Buffer.from(s));
export const str32 = (s) => join(sized(0xdb, 4, Buffer.byteLength(s)), Buffer.from(s));
export const rawStr = (...bytes) => join(u8(0xa0 | bytes.length), u8(...bytes));
export const bin16 = (b) => join(sized(0xc5, 2, b.length), b);
export const bin32 = (b) => join(sized(0xc6, 4, b.length), b);
export const array16 = (...items) => join(sized(0xdc, 2, items.length), ...items);
export const array32 = (...items) => join(sized(0xdd, 4, items.length), ...items);
export const array = (...items) => join(u8(0x90 | items.length), ...items);
export const nested = (depth, inner = u8(0xc0)) => join(Buffer.alloc(depth, 0x91), inner);
export const nil = u8(0xc0);

/** Puts the length prefix in front of a body, protocol-spec.md §3. */
export const frame = (body) => {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(body.length);
  return join(prefix, body);
};
