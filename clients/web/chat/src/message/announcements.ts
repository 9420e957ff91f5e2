import { type Ref, shallowRef } from 'vue';

export interface Announcement {
  readonly id: number;
  readonly text: string;
}

/** Messages that come this close together are told together. */
const GatherMs = 300;
/** No two tellings closer than this: a screen reader must get through the first. */
const GapMs = 2_000;
const ShownMs = 8_000;
/** More than this at once is told as a number. */
const MaxRead = 3;

/**
 * News for a screen reader. Each piece is an element of its own, so that neither two at a time nor the same words twice are lost;
 * a storm becomes one sentence.
 */
export class Announcements {
  readonly #shown = shallowRef<readonly Announcement[]>([]);
  readonly shown: Readonly<Ref<readonly Announcement[]>> = this.#shown;
  readonly #summarize: (count: number) => string;
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #readyAt = 0;
  #lastId = 0;

  constructor(summarize: (count: number) => string) {
    this.#summarize = summarize;
  }

  add(text: string): void {
    this.#waiting.push(text);
    this.#timer ??= setTimeout(() => this.#tell(), Math.max(GatherMs, this.#readyAt - Date.now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #tell(): void {
    const now = Date.now();
    const texts = this.#waiting.length > MaxRead ? [this.#summarize(this.#waiting.length)] : this.#waiting;
    this.stop();
    this.#readyAt = now + GapMs;
    const fresh = texts.map((text) => ({ id: ++this.#lastId, text }));
    this.#shown.value = [...this.#shown.value, ...fresh];
    setTimeout(() => {
      this.#shown.value = this.#shown.value.filter((piece) => !fresh.includes(piece));
    }, ShownMs);
  }
}
