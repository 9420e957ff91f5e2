import { expect, it, vi } from 'vitest';
import { createPageWorker, type WorkerContainer } from '../../src/offline/pageWorker';
import { TakeOver } from '../../src/offline/takeOver';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

class FakeWorker extends EventTarget {
  readonly said: unknown[] = [];
  state = 'installing';

  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  postMessage(message: unknown): void {
    this.said.push(message);
  }
}

class FakeRegistration extends EventTarget {
  installing: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  readonly update = vi.fn(async () => undefined);

  found(): FakeWorker {
    this.installing = new FakeWorker();
    this.dispatchEvent(new Event('updatefound'));
    return this.installing;
  }
}

class FakeContainer extends EventTarget {
  controller: object | null = null;
  readonly registration = new FakeRegistration();
  register = async (_path: string): Promise<unknown> => this.registration;
}

class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
}

function setup(container: FakeContainer | undefined) {
  const reload = vi.fn();
  const page = new FakePage();
  const at = { now: 0 };
  const worker = createPageWorker(container as unknown as WorkerContainer | undefined, reload, () => at.now, page as unknown as Document);
  return { worker, reload, page, at };
}

it('is nothing where the browser has no workers, refuses one, or gives none', async () => {
  expect(await setup(undefined).worker.registration).toBeNull();
  const refusing = new FakeContainer();
  refusing.register = () => Promise.reject(new DOMException('no', 'SecurityError'));
  expect(await setup(refusing).worker.registration).toBeNull();
  const blocked = new FakeContainer();
  blocked.register = async () => undefined;
  expect(await setup(blocked).worker.registration).toBeNull();
});

it('tells of a newer version, and not of the first one', async () => {
  const container = new FakeContainer();
  const { worker, reload } = setup(container);
  await settle();
  container.registration.found().become('installed');
  container.controller = {};
  container.dispatchEvent(new Event('controllerchange'));
  expect(worker.isOutdated.value).toBe(false);

  const newer = container.registration.found();
  newer.become('installed');
  container.registration.waiting = newer;
  expect(worker.isOutdated.value).toBe(true);
  await worker.takeOver();
  expect([newer.said, reload.mock.calls.length]).toEqual([[TakeOver], 0]);
  container.dispatchEvent(new Event('controllerchange'));
  expect(reload).toHaveBeenCalledOnce();
});

it('finds one that has been waiting, and one that another window took', async () => {
  const waiting = new FakeContainer();
  waiting.controller = {};
  waiting.registration.waiting = Object.assign(new FakeWorker(), { state: 'installed' });
  const first = setup(waiting);
  await settle();
  expect(first.worker.isOutdated.value).toBe(true);

  const taken = new FakeContainer();
  taken.controller = {};
  const { worker, reload } = setup(taken);
  await settle();
  taken.dispatchEvent(new Event('controllerchange'));
  expect([worker.isOutdated.value, reload.mock.calls.length]).toEqual([true, 0]);
  await worker.takeOver();
  expect(reload).toHaveBeenCalledOnce();
});

it('looks for a newer version when one comes back to a page that was open for long', async () => {
  const container = new FakeContainer();
  const { page, at } = setup(container);
  await settle();
  const come = () => page.dispatchEvent(new Event('visibilitychange'));
  come();
  at.now = 31 * 60_000;
  page.visibilityState = 'hidden';
  come();
  expect(container.registration.update).not.toHaveBeenCalled();
  page.visibilityState = 'visible';
  come();
  come();
  expect(container.registration.update).toHaveBeenCalledOnce();
});
