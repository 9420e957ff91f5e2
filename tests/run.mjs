// Runs the test suites and adds them up: ./chat test [--only NAME[,NAME]] [--list] [--help]. The last line is "N passed, N failed".
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const scratch = mkdtempSync(join(tmpdir(), 'chat-tests-'))
const clients = join(root, 'clients')
const browser = join(root, 'tests', 'EndToEnd', 'browser')

// A service that a test needs and does not find is a failure here, not a skip.
const env = { ...process.env, CHAT_TESTS_REQUIRE_SERVICES: '1', DOTNET_NOLOGO: '1', DOTNET_CLI_TELEMETRY_OPTOUT: '1' }

const longestMinutes = 30
let runs = 0

/** Runs a program to its end. Its output goes to a file, not a pipe: what it leaves running in the background must not be waited for. */
async function run(command, args, options = {}) {
  const file = join(scratch, `${++runs}.log`)
  const log = openSync(file, 'w')
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', log, log], timeout: longestMinutes * 60_000, ...options })
  closeSync(log)
  try {
    const [status, signal] = await once(child, 'exit')
    const output = readFileSync(file, 'utf8')
    return { ok: status === 0, output: signal ? `${output}${command}: ended by ${signal}\n` : output }
  } catch (error) {
    return { ok: false, output: `${readFileSync(file, 'utf8')}${command}: ${error.message}` }
  }
}

/** A check that passes or fails as a whole. */
async function check(command, args, options) {
  const { ok, output } = await run(command, args, options)
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, output }
}

async function dotnet(project, ...more) {
  const { ok, output } = await run('dotnet', ['test', project, '-c', 'Release', '--no-build', '--nologo', ...more])
  const totals = /Failed:\s+(\d+), Passed:\s+(\d+), Skipped:\s+(\d+)/.exec(output)
  if (!totals) return { passed: 0, failed: 1, output }
  const failed = Number(totals[1])
  return { passed: Number(totals[2]), failed: ok ? failed : Math.max(1, failed), skipped: Number(totals[3]), output }
}

async function vitest(folder) {
  const file = join(scratch, `${folder.replaceAll('/', '-')}.json`)
  const { ok, output } = await run('npx', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], {
    cwd: join(clients, folder),
  })
  if (!existsSync(file)) return { passed: 0, failed: 1, output }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const failed = report.numFailedTests
  return { passed: report.numPassedTests, failed: ok ? failed : Math.max(1, failed), output }
}

async function playwright() {
  const file = join(scratch, 'browser.json')
  const { ok, output } = await run('npx', ['playwright', 'test', '--reporter=list,json'], {
    cwd: browser,
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  })
  if (!existsSync(file)) return { passed: 0, failed: 1, output }
  const { stats } = JSON.parse(readFileSync(file, 'utf8'))
  const failed = stats.unexpected
  return { passed: stats.expected + stats.flaky, failed: ok ? failed : Math.max(1, failed), output }
}

let installing = Promise.resolve()

/** What a suite needs of Debian's packages. Where it is missing and can be had, it is installed, one after another. Null, or what is missing. */
function need(...wanted) {
  installing = installing.then(() => install(...wanted))
  return installing
}

async function install(commands, packages, why) {
  if ((await run('sh', ['-c', commands])).ok) return null
  const remedy = `${packages} is not installed (${why}). Install it (Debian, Ubuntu: sudo apt-get install ${packages}) and run again.`
  if (process.getuid?.() !== 0) return remedy
  say(`installing ${packages} (${why})`)
  const installed = await run('sh', ['-c', `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ${packages}`])
  return installed.ok ? null : `${remedy}\n${installed.output}`
}

function chromium() {
  return need('command -v chromium || command -v google-chrome', 'chromium', 'the browser tests need it')
}

/** The model of the chat's log, the broker and resume: what must hold holds, and every planted mistake is found. */
async function model() {
  const missing = await need('command -v spin && command -v gcc && echo "int main(){}" | gcc -xc - -o /dev/null', 'spin gcc libc6-dev', 'the model is checked with them')
  if (missing) return { passed: 0, failed: 1, output: missing }
  return counted(passedAndFailed, 'node', ['docs/model/check.mjs'])
}

/** Redis is Debian's too; tests start servers of their own. */
function redis() {
  return need('command -v redis-server', 'redis-server', 'the tests of several nodes need it')
}

async function withRedis(project) {
  const missing = await redis()
  return missing ? { passed: 0, failed: 1, output: missing } : dotnet(project)
}

/** The chaos suite's own tests, the short rows of its fault matrix, and the planted bugs that its checker must find. */
async function chaosSuite() {
  const missing = await redis()
  if (missing) return { passed: 0, failed: 1, output: missing }
  const parts = [
    await dotnet('tests/Chaos.Tests'),
    await chaos(/(\d+) passed, (\d+) failed, (\d+) not here\s*$/, '--rows', 'short'),
    await chaos(/(\d+) as they must be, (\d+) not, \d+ s/, 'planted', '--parallel', '4'),
  ]
  const sum = (name) => parts.reduce((total, part) => total + (part[name] ?? 0), 0)
  const output = parts.filter((part) => part.failed > 0).map((part) => part.output).join('\n')
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), output }
}

function chaos(totalsLine, ...args) {
  return counted(totalsLine, 'dotnet', ['tests/Chaos/bin/Release/net10.0/Chat.Chaos.dll', ...args])
}

const passedAndFailed = /(\d+) passed, (\d+) failed\s*$/

/** Runs a program and reads the totals that it prints: passed, failed, and what this machine cannot do. */
async function counted(totalsLine, command, args) {
  const { ok, output } = await run(command, args)
  const totals = totalsLine.exec(output)
  if (!totals) return { passed: 0, failed: 1, output }
  const failed = Number(totals[2])
  return { passed: Number(totals[1]), failed: ok ? failed : Math.max(1, failed), skipped: Number(totals[3] ?? 0), output }
}

async function browserSuite() {
  const missing = await chromium()
  if (missing) return { passed: 0, failed: 1, output: missing }
  if (!existsSync(join(browser, 'node_modules', '.package-lock.json'))) {
    const packages = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: browser })
    if (!packages.ok) return { passed: 0, failed: 1, output: packages.output }
  }
  return playwright()
}

const suites = {
  format: () => check('dotnet', ['format', 'whitespace', 'Chat.sln', '--verify-no-changes', '--no-restore']),
  architecture: () => dotnet('tests/Architecture.Tests'),
  protocol: () => dotnet('tests/Protocol.Tests'),
  storage: () => dotnet('tests/Storage.Tests'),
  domain: () => dotnet('tests/Domain.Tests'),
  server: () => withRedis('tests/Server.Tests'),
  adminapi: () => dotnet('tests/AdminApi.Tests'),
  sdk: () => dotnet('tests/Sdk.Tests'),
  load: () => dotnet('tests/Load.Tests'),
  simulation: () => dotnet('tests/Simulation'),
  fuzz: () => dotnet('tests/Fuzz'),
  model,
  budgets: () => check('dotnet', ['bench/Micro/bin/Release/net10.0/Chat.Micro.dll', '--budgets']),
  'ts-types': () => check('npm', ['run', 'typecheck'], { cwd: clients }),
  'ts-lint': () => check('npm', ['run', 'lint'], { cwd: clients }),
  'ts-sdk': () => vitest('ts-sdk'),
  'ts-size': () => check('npm', ['run', 'size', '-w', 'ts-sdk'], { cwd: clients }),
  'web-units': () => vitest('web/chat'),
  e2e: async () => {
    const missing = await need('PATH=$PATH:/usr/sbin command -v haproxy', 'haproxy', 'the tests of several nodes need it')
    return missing ? { passed: 0, failed: 1, output: missing } : withRedis('tests/EndToEnd')
  },
  web: browserSuite,
  scenario: () => counted(passedAndFailed, 'dotnet', ['tests/Scenario/bin/Release/net10.0/Chat.Scenario.dll']),
  chaos: chaosSuite,
}

/**
 * What runs after what, and what beside it. The processes that e2e starts and ends leave half of the machine to others, and the
 * simulation has one thread and a clock of its own; what runs beside them judges nothing by the clock. The server's tests mostly wait.
 */
const stages = [
  [
    ['e2e', 'simulation'],
    ['storage', 'domain', 'fuzz', 'model', 'format', 'architecture', 'protocol', 'sdk', 'load', 'budgets', 'ts-types', 'ts-lint', 'ts-sdk', 'ts-size', 'web-units'],
  ],
  [['server'], ['adminapi']],
  [['web', 'scenario', 'chaos']],
]

/** One compiler for all projects, which is warm for all but the first of them, takes half of the time. It is not left behind where none is wanted. */
async function build() {
  const options = { env: { ...env, UseSharedCompilation: 'true' } }
  try {
    const built = await run(join(root, 'chat'), ['build'], options)
    return built.ok ? await run('dotnet', ['build', 'Chat.sln', '-c', 'Release', '--nologo', '-v', 'quiet'], options) : built
  } finally {
    if (process.env.UseSharedCompilation === 'false') await run('dotnet', ['build-server', 'shutdown', '--vbcscompiler'])
  }
}

function say(text) {
  process.stderr.write(`\x1b[2m· ${text}\x1b[0m\n`)
}

function usage() {
  return `./chat test                   run all suites, which takes about 30 minutes
./chat test --only NAME,NAME  run some of them: ${Object.keys(suites).join(', ')}
./chat test --list            print their names, one a line
The last line is "N passed, N failed"; the exit code is 0 when nothing failed.`
}

function refuse(text) {
  console.error(text)
  process.exit(2)
}

/** The suites that the command line asks for. What is only asked about the command is answered here. */
function chosen(args) {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage())
    process.exit(0)
  }
  if (args.length === 1 && args[0] === '--list') {
    console.log(Object.keys(suites).join('\n'))
    process.exit(0)
  }
  if (args.length === 0) return Object.keys(suites)
  if (args.length !== 2 || args[0] !== '--only') refuse(`This is not understood: ${args.join(' ')}\n${usage()}`)
  const names = args[1].split(',')
  const unknown = names.filter((name) => !Object.hasOwn(suites, name))
  if (unknown.length > 0) refuse(`There is no suite '${unknown.join(', ')}'. There are: ${Object.keys(suites).join(', ')}.`)
  return names
}

/** A suite that cannot be judged, say for a report that was written by half, has failed; the others go on. */
async function runOne(name) {
  try {
    return await suites[name]()
  } catch (error) {
    return { passed: 0, failed: 1, output: `The suite ${name} broke off: ${error?.stack ?? error}` }
  }
}

/** Runs suites one after another and adds them to the total. */
async function runInTurn(names, total) {
  for (const name of names) {
    const start = performance.now()
    const result = await runOne(name)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    total.passed += result.passed
    total.failed += result.failed
    total.skipped += result.skipped ?? 0
    if (result.failed > 0) console.log(result.output)
    const skipped = result.skipped ? `, ${result.skipped} skipped` : ''
    console.log(`${result.failed > 0 ? '✗' : '✓'} ${name.padEnd(14)} ${result.passed} passed, ${result.failed} failed${skipped}  (${seconds} s)`)
  }
}

async function main() {
  const names = chosen(process.argv.slice(2))
  const forgotten = Object.keys(suites).filter((name) => !stages.flat(2).includes(name))
  if (forgotten.length > 0) throw new Error(`No stage runs ${forgotten.join(', ')}.`)
  say('building')
  const built = await build()
  if (!built.ok) {
    console.log(built.output)
    console.log('The build failed; no test was run.\n0 passed, 1 failed')
    return 1
  }

  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const lanes of stages) {
    await Promise.all(lanes.map((lane) => runInTurn(lane.filter((name) => names.includes(name)), total)))
  }

  if (total.skipped > 0) console.log(`${total.skipped} tests were skipped: their output says why.`)
  console.log(`${total.passed} passed, ${total.failed} failed`)
  return total.failed > 0 ? 1 : 0
}

process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
process.exit(await main())
