import { readdirSync, readFileSync } from 'node:fs';

/** The files of tests/vectors/behaviour, as the README there describes them. */

export interface Step {
  readonly app?: string;
  readonly server?: string;
  readonly clock?: number;
  readonly as?: string;
  readonly to?: string;
  readonly message?: string;
  readonly frame?: string;
  readonly fields?: Record<string, unknown>;
  readonly chat_id?: number;
  readonly sequence?: number;
  readonly text?: string;
  readonly reply_to?: number;
  readonly link?: Record<string, unknown>;
  readonly emoji?: string | null;
  readonly epoch?: number;
  readonly events?: readonly LogEntry[];
  readonly code?: number;
  readonly retry_after_ms?: number;
  readonly hex?: string;
}

/** A message of the peer, or what is otherwise about it. */
export type LogEntry = string | Record<string, unknown>;

export interface ScenarioChat {
  readonly chat_id: number;
  readonly kind: number;
  readonly epoch?: number;
  readonly events: readonly LogEntry[];
}

export interface Scenario {
  readonly about: string;
  readonly spec: readonly string[];
  readonly jitter?: number;
  readonly ping_interval_ms?: number;
  readonly chats?: readonly ScenarioChat[];
  readonly steps: readonly Step[];
  readonly expected: Expected;
  /** What a planted scenario must fail with. */
  readonly fails?: string;
}

/** What an app saw, in the words of the README. */
export interface Expected {
  readonly states: readonly string[];
  readonly tokens: readonly string[];
  readonly events?: readonly string[];
  readonly outgoing?: readonly string[];
  readonly signals?: readonly string[];
  readonly shown?: Readonly<Record<string, readonly string[]>>;
}

const root = new URL('../../../../../tests/vectors/behaviour/', import.meta.url);

/** Every file below the folder but its README, by its path there. */
export function behaviourFiles(): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.pathname.length).replace(/^\//, ''))
    .sort();
}

const members = new Set(['about', 'spec', 'jitter', 'ping_interval_ms', 'chats', 'steps', 'expected', 'fails']);

export function readScenario(file: string): Scenario {
  const scenario = JSON.parse(readFileSync(new URL(file, root), 'utf8')) as Scenario;
  for (const name of Object.keys(scenario)) if (!members.has(name)) throw new Error(`A scenario has no '${name}'.`);
  return scenario;
}
