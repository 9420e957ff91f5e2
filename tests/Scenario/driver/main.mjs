// Devices on the TypeScript SDK, told what to do by lines of JSON on stdin: { id, device, op, args } gets { id, result } or { id, error }.
// Takes the folder in which the packages are installed; the SDK is found there as an app finds it.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { Device } from './device.mjs'
import { operations } from './operations.mjs'

const packages = createRequire(pathToFileURL(join(process.argv[2], 'package.json')))
const sdk = await import(pathToFileURL(packages.resolve('@chat/sdk')))

const devices = new Map()

async function perform({ device: name, op, args }) {
  if (op === 'connect') {
    const device = new Device(sdk, name)
    devices.set(name, device)
    return device.connect(args)
  }
  const device = devices.get(name)
  const operation = operations[op]
  if (device === undefined || operation === undefined) throw new TypeError(`There is no device '${name}' or operation '${op}'.`)
  return operation(device, args)
}

function failure(thrown) {
  if (thrown instanceof sdk.ChatError) return { name: sdk.errorName(thrown.code), message: thrown.message, retryable: thrown.retryable }
  return { name: 'thrown', message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown), retryable: false }
}

function answer(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  perform(request).then(
    (result) => answer({ id: request.id, result: result ?? null }),
    (thrown) => answer({ id: request.id, error: failure(thrown) }),
  )
}
for (const device of devices.values()) await device.client?.close()
process.exit(0)
