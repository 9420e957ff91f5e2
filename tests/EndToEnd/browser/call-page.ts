import { systemClock } from '../../../clients/ts-sdk/src/defaults.js'
import {
  type CallKind,
  type CallRecord,
  type Calls,
  type ChatClient,
  type Clock,
  createCalls,
  createClient,
  createPeerCall,
  type OngoingCall,
  type PeerCall,
  signIn,
} from '../../../clients/ts-sdk/src/index.js'

/** The smallest page that calls: the SDK, a fake camera, and an element for each participant. Driven by calls.spec.ts. */
class CallPage {
  client!: ChatClient
  calls!: Calls
  ringing: CallRecord | null = null
  ongoing: OngoingCall | null = null
  peer: PeerCall | null = null
  /** How many times as long as usual a side waits before it begins anew by itself. */
  patience = 1
  readonly told: string[] = []

  async enter(login: string, password: string): Promise<void> {
    const url = location.origin
    const session = await signIn({ url, login, password })
    const options = { url, token: (why: Parameters<typeof session.token>[0]) => session.token(why) }
    this.client = createClient(options)
    this.calls = createCalls(this.client, options)
    this.calls.on('ringing', (call) => { this.ringing = call })
    this.calls.on('stopped', ({ why }) => { this.ringing = null; this.told.push(`stopped ${why}`) })
    this.calls.on('missed', () => { this.told.push('missed') })
    this.calls.on('error', (error) => { this.told.push(`error ${error.message}`) })
    await this.client.connect()
  }

  async start(peerName: string, kind: CallKind): Promise<void> {
    const chat = this.client.chats.items.find((item) => item.peerName === peerName)
    if (!chat) throw new Error(`no chat with ${peerName}`)
    await this.join(await this.calls.start(chat.chatId, kind))
  }

  async answer(): Promise<void> {
    if (!this.ringing) throw new Error('nothing rings')
    await this.join(await this.calls.answer(this.ringing.callId))
  }

  /** What came of audio and video so far, over all connections, and where the shown video stands. */
  async received(): Promise<{ frames: number; samples: number; seconds: number }> {
    let [frames, samples] = [0, 0]
    for (const connection of this.peer?.connections.values() ?? []) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue
        frames += report.framesDecoded ?? 0
        samples += report.totalSamplesReceived ?? 0
      }
    }
    return { frames, samples, seconds: document.querySelector('video')?.currentTime ?? 0 }
  }

  private async join(ongoing: OngoingCall): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: ongoing.record.kind === 'video' })
    this.ongoing = ongoing
    const clock: Clock = { ...systemClock, after: (ms, action) => systemClock.after(ms * this.patience, action) }
    this.peer = createPeerCall(ongoing, { me: this.client.me?.principalId ?? 0, stream, iceServers: await this.calls.iceServers(), clock })
    this.peer.on('stream', ({ principalId, stream: remote }) => {
      const id = `of-${principalId}`
      const element = (document.getElementById(id) as HTMLVideoElement | null) ?? document.body.appendChild(document.createElement('video'))
      Object.assign(element, { id, autoplay: true, muted: true, srcObject: remote })
    })
    this.peer.on('error', (error) => { this.told.push(`error ${error.message}`) })
    this.peer.on('ended', (how) => {
      this.told.push(`ended ${how}`)
      for (const track of stream.getTracks()) track.stop()
    })
  }
}

declare global {
  interface Window {
    page: CallPage
  }
}

window.page = new CallPage()
