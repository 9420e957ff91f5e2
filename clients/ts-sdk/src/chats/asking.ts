/** A chat that is being asked for. */
export interface Asking {
  done: Promise<void>;
  /** Something told of it since the request: an answer that it does not exist may be of before. */
  wishedAgain: boolean;
  /** One left it since the request, or it changed: an answer that describes it may be of before. */
  stale: boolean;
}
