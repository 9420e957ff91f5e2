/** So that a day's calls are several pages. */
const pageSize = 4

/**
 * The calls of an app: what rang here and what became of it, and where this device took part, with the signals that came. The twin of
 * `Devices/CallDesk.cs`.
 */
export class CallDesk {
  #calls
  #device
  #told = new Map()
  #places = []

  /** Takes the device by whose name the others know its signals; `failed` hears what no retry will mend. */
  constructor(device, calls, failed) {
    this.#device = device
    this.#calls = calls
    calls.on('ringing', ({ callId }) => this.#of(callId).ringing++)
    // The C# SDK says the service's word, `answered`.
    calls.on('stopped', ({ callId, why }) => this.#of(callId).stopped.push(why === 'answered_elsewhere' ? 'answered' : why))
    calls.on('missed', ({ callId }) => this.#of(callId).missed++)
    calls.on('error', (error) => {
      if (!error.retryable) failed(error)
    })
  }

  start({ chatId, kind }) {
    return this.#join(this.#calls.start(chatId, kind))
  }

  answer({ callId }) {
    return this.#join(this.#calls.answer(callId))
  }

  decline({ callId }) {
    return this.#calls.decline(callId)
  }

  end({ callId }) {
    return this.#placeIn(callId).call.end()
  }

  /** Sends so many signals, numbered on by this place to that participant, as fast as they can be given away. */
  signal({ callId, to, count }) {
    const place = this.#placeIn(callId)
    for (let n = 0; n < count; n++) {
      const number = (place.sent.get(to) ?? 0) + 1
      place.sent.set(to, number)
      place.call.signal(to, 'candidate', `${place.name} ${number}`)
    }
  }

  async find({ callId }) {
    return show(await this.#calls.find(callId))
  }

  /** All calls as this device shows them, the newest first. */
  async history() {
    return (await this.#pages()).map(show)
  }

  async ids(direction) {
    return (await this.#pages(direction)).map(({ callId }) => callId)
  }

  async active() {
    return (await this.#calls.active()).map(({ callId }) => callId)
  }

  report() {
    return {
      told: Object.fromEntries(this.#told),
      places: this.#places.map(({ call, name, ends, signals }) => ({
        callId: call.callId,
        name,
        others: [...call.others].sort((one, other) => one - other),
        over: call.over,
        ends,
        signals,
      })),
    }
  }

  async #join(joining) {
    const call = await joining
    const place = { call, name: `${this.#device}#${this.#places.length}`, sent: new Map(), signals: [], ends: 0 }
    this.#places.push(place)
    this.#of(call.callId).joined++
    const holes = new Set()
    call.on('hole', (from) => holes.add(from))
    call.on('signal', ({ from, body }) => place.signals.push({ from, body, hole: holes.delete(from) }))
    call.on('ended', () => place.ends++)
    return { callId: call.callId, status: call.record.status }
  }

  async #pages(direction) {
    const all = []
    let cursor
    do {
      const page = await this.#calls.history({ ...(direction !== undefined && { direction }), cursor, limit: pageSize })
      all.push(...page.calls)
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    return all
  }

  #placeIn(callId) {
    const place = this.#places.findLast(({ call }) => call.callId === callId)
    if (place === undefined) throw new TypeError(`${this.#device} is not in call ${callId}.`)
    return place
  }

  #of(callId) {
    let told = this.#told.get(callId)
    if (told === undefined) {
      told = { ringing: 0, stopped: [], missed: 0, joined: 0 }
      this.#told.set(callId, told)
    }
    return told
  }
}

function show(call) {
  const { callId, chatId, callerId, receiverId, kind, status, reason, outgoing, part, duration } = call
  return {
    callId,
    chatId,
    callerId,
    receiverId,
    kind,
    status,
    reason,
    outgoing,
    part,
    started: Date.parse(call.startedAt),
    answered: call.answeredAt && Date.parse(call.answeredAt),
    ended: call.endedAt && Date.parse(call.endedAt),
    duration,
    participants: call.participants.map((one) => `${one.principalId}:${one.part}`),
  }
}
