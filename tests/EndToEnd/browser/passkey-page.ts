import { ChatError, createPasskeys, errorName, type Passkey, type Passkeys, register, signInWithPasskey } from '../../../clients/ts-sdk/src/index.js'

/** The smallest page that uses passkeys: the SDK, and the browser's own authenticator. Driven by passkeys.spec.ts. */
class PasskeyPage {
  passkeys!: Passkeys

  async enter(email: string, password: string): Promise<number> {
    const url = location.origin
    const session = await register({ url, name: 'Ada', email, password })
    this.passkeys = createPasskeys({ url, token: (why) => session.token(why) })
    return session.principalId
  }

  add(name: string, password: string): Promise<Passkey | string> {
    return told(this.passkeys.add({ name, password }))
  }

  async signIn(): Promise<number | string> {
    return told(signInWithPasskey({ url: location.origin, deviceName: 'by passkey' }).then(({ principalId }) => principalId))
  }
}

/** What came of it, or the name of what was thrown: the service's, or the browser's. */
function told<T>(work: Promise<T>): Promise<T | string> {
  return work.catch((thrown: Error) => (thrown instanceof ChatError ? errorName(thrown.code) : thrown.name))
}

declare global {
  interface Window {
    passkeyPage: PasskeyPage
  }
}

window.passkeyPage = new PasskeyPage()
