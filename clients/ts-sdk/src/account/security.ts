import type { ClientOptions } from '../api.js';
import { arrayOf, flagOf, numberOf, textOf } from './json.js';
import { callRest, type HttpMethod } from './rest.js';
import { callSignedIn } from './signed-in.js';

export type AddressChannel = 'email' | 'phone';

/** Verification of one's addresses and the second step of one's sign-ins: rare, so over REST, and apart from the core. */
export interface Security {
  /** Sends a code to one's own e-mail address or phone number; gives where it went, mostly hidden. */
  sendVerification(channel: AddressChannel): Promise<string>;
  /** Fails with `code_invalid`. Of what is verified already any code will do. */
  confirmVerification(channel: AddressChannel, code: string): Promise<void>;
  twoStep(): Promise<TwoStepState>;
  /** Makes a secret for an authenticator app; nothing is asked for before `confirmTwoStep`. */
  beginTwoStep(password: string): Promise<TwoStepSecret>;
  /** Takes the app's first code; gives the recovery codes, which are not shown again. */
  confirmTwoStep(code: string): Promise<readonly string[]>;
  /** Voids all recovery codes and gives new ones. `code`: what the app shows, or a recovery code. */
  renewRecoveryCodes(password: string, code: string): Promise<readonly string[]>;
  /** Sign-ins ask for the password alone again. */
  removeTwoStep(password: string, code: string): Promise<void>;
}

export interface TwoStepState {
  readonly enabled: boolean;
  readonly recoveryCodesLeft: number;
}

export interface TwoStepSecret {
  /** Base32, to type in. */
  readonly secret: string;
  /** An otpauth URI, for a QR code. */
  readonly uri: string;
}

/** Takes what `createClient` takes: the same address and tokens. */
export function createSecurity(options: Pick<ClientOptions, 'url' | 'token'>): Security {
  const rest = (method: HttpMethod, path: string, body?: unknown) =>
    callSignedIn(options.url, options.token, { method, path: `/api/auth/${path}`, body });
  return {
    sendVerification: async (channel) => textOf(await rest('POST', 'verification', { channel }), 'to'),
    confirmVerification: async (channel, code) => {
      await rest('POST', 'verification/confirm', { channel, code });
    },
    twoStep: async () => {
      const state = await rest('GET', 'two-step');
      return { enabled: flagOf(state, 'enabled'), recoveryCodesLeft: numberOf(state, 'recoveryCodesLeft') };
    },
    beginTwoStep: async (password) => {
      const made = await rest('POST', 'two-step', { password });
      return { secret: textOf(made, 'secret'), uri: textOf(made, 'uri') };
    },
    confirmTwoStep: async (code) => codesOf(await rest('POST', 'two-step/confirm', { code })),
    renewRecoveryCodes: async (password, code) => codesOf(await rest('POST', 'two-step/recovery-codes', { password, code })),
    removeTwoStep: async (password, code) => {
      await rest('POST', 'two-step/remove', { password, code });
    },
  };
}

/** Sends a code for a new password to the e-mail address or phone number, if an account has it; whether one has is not said. */
export async function forgotPassword(options: { url: string; login: string }): Promise<void> {
  await callRest(options.url, { method: 'POST', path: '/api/auth/password/forgot', body: { login: options.login } });
}

/** Sets the new password and signs all devices out. Fails with `code_invalid`. */
export async function resetPassword(options: { url: string; login: string; code: string; newPassword: string }): Promise<void> {
  const { url, ...body } = options;
  await callRest(url, { method: 'POST', path: '/api/auth/password/reset', body });
}

function codesOf(answer: unknown): readonly string[] {
  return arrayOf(answer, 'recoveryCodes').map(String);
}
