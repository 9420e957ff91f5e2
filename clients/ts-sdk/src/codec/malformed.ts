/** The bytes are not what protocol-spec.md allows. The position of a reader that threw it is undefined. */
export class MalformedFrameError extends Error {}

export function throwMalformed(what: string): never {
  throw new MalformedFrameError(what);
}

export function throwWrongType(): never {
  throwMalformed('another type');
}
