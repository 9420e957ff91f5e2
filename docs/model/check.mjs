// Checks chat.pml with spin: what must hold, exhaustively, and every planted mistake, which must be found. Needs spin and gcc.
// node docs/model/check.mjs [--more]   --more: three faults as well (minutes, several GB). The last line is "N passed, N failed".
import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const model = join(dirname(fileURLToPath(import.meta.url)), 'chat.pml')
const scratch = mkdtempSync(join(tmpdir(), 'chat-model-'))
const atOnce = 2
const withoutPoll = ['NO_POLL', 'NO_LOSSES', 'HELLO_RECHECK', 'FAULTS=2']

// A check with `caughtBy` has a planted mistake: the assertion that must fail. All others must hold.
const settled = 'somebody never reached the head'
const checks = [
  { name: 'two messages, any two faults', defines: ['FAULTS=2'] },
  { name: 'three messages, any one fault', defines: ['MSGS=3', 'FAULTS=1'] },
  { name: 'every run settles (LTL), any one fault', defines: ['FAULTS=1'], isLiveness: true },
  { name: 'without the poll, nothing lost in silence', defines: withoutPoll },
  { name: 'publishing before the commit', defines: ['PUBLISH_BEFORE_COMMIT', 'FAULTS=1'], caughtBy: /log\[s\]==m/, means: 'a client saw what was not stored' },
  { name: 'acking before the commit', defines: ['ACK_BEFORE_COMMIT', 'FAULTS=1'], caughtBy: /log\[number\[n\]\]==item/, means: 'acked and not stored' },
  { name: 'no look-up of known ids', defines: ['NO_DEDUPE', 'FAULTS=1'], caughtBy: /found==0/, means: 'a message was stored twice' },
  { name: 'numbering without the row lock', defines: ['NO_ROW_LOCK', 'FAULTS=1'], caughtBy: /==\(head\+1\)/, means: 'a number was given twice' },
  { name: 'no heads', defines: ['NO_HEADS', 'FAULTS=1'], caughtBy: /head==2/, means: settled },
  { name: 'no gap rule', defines: ['NO_GAP_RULE', 'FAULTS=1'], caughtBy: /position\[\d\]\+1/, means: 'a client skipped an event' },
  { name: 'no fetch after the welcome', defines: ['NO_RESUME', 'FAULTS=1'], caughtBy: /head==2|position\[\d\]\+1/, means: settled },
  { name: 'heads read before the subscription', defines: ['HEADS_BEFORE_SUBSCRIBE', ...withoutPoll], caughtBy: /head==2/, means: settled },
  { name: 'a hello across a new subscription', defines: ['NO_POLL', 'NO_LOSSES', 'FAULTS=2'], caughtBy: /head==2/, means: settled },
]
if (process.argv.includes('--more')) checks.push({ name: 'two messages, any three faults', defines: ['FAULTS=3'], megabytes: 12_000 })

/** Translates, compiles and searches. Answers what the search printed. */
async function search({ name, defines, isLiveness = false, caughtBy = null, megabytes = 1_900 }) {
  const cwd = mkdtempSync(join(scratch, 'run-'))
  copyFileSync(model, join(cwd, 'chat.pml'))
  const flags = defines.map((define) => `-D${define}`)
  await run('spin', [...flags, ...(isLiveness ? ['-DLIVENESS'] : []), '-a', 'chat.pml'], { cwd })
  const kind = isLiveness ? [] : ['-DSAFETY']
  const speed = caughtBy ? '-O0' : '-O2'
  await run('gcc', [speed, '-w', '-DCOLLAPSE', '-DVECTORSZ=1024', `-DMEMLIM=${megabytes}`, ...kind, '-o', 'pan', 'pan.c'], { cwd })
  const { stdout } = await run(join(cwd, 'pan'), ['-m20000', '-n', ...(isLiveness ? ['-a'] : [])], { cwd, maxBuffer: 1 << 26 })
  return { name, output: stdout }
}

function judge({ name, caughtBy, means }, output, seconds) {
  const states = Number(/(\d[\d.e+]*) states, stored/.exec(output)?.[1] ?? 0)
  const megabytes = Math.round(Number(/([\d.]+)\s+total actual memory usage/.exec(output)?.[1] ?? 0))
  const isComplete = !/Search not completed|max search depth too small|out of memory/.test(output)
  const violated = /^pan:\d+: (.*)$/m.exec(output)?.[1] ?? null
  const ok = caughtBy ? violated !== null && caughtBy.test(violated) : violated === null && isComplete && /errors: 0/.test(output) && states > 0
  const found = caughtBy ? (ok ? `found: ${means}` : 'NOT FOUND') : ok ? 'holds' : 'FAILS'
  console.log(`${ok ? '✓' : '✗'} ${name.padEnd(44)} ${found} (${states.toLocaleString('en')} states, ${megabytes} MB, ${seconds} s)`)
  if (!ok) console.log(output)
  return ok
}

let passed = 0
let failed = 0
async function worker(waiting) {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const start = performance.now()
    let output
    try {
      output = (await search(check)).output
    } catch (fault) {
      output = `${fault.message}\n${fault.stdout ?? ''}`
    }
    if (judge(check, output, ((performance.now() - start) / 1000).toFixed(1))) passed++
    else failed++
  }
}

try {
  const waiting = [...checks]
  await Promise.all(Array.from({ length: atOnce }, () => worker(waiting)))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)
