// Runs all the checks, one after the other, also when one fails: types, lint, unit tests, build, browser tests. What `npm test` runs.
// Plain JavaScript for Node 20; the tools themselves run under the project's own Node.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findChromium } from './chromium.mjs'
import { findElectron } from './electron-runtime.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const REPORTS = join(ROOT, 'out', 'test')

/** Which steps `--only` leaves; browser tests need the build. */
const SELECTIONS = { types: ['types'], lint: ['lint'], unit: ['unit'], e2e: ['build', 'e2e', 'electron'] }

/** Every step answers how many checks passed and failed in it; `problem` is one line about what is not a test's own failure. */
const STEPS = [
  { name: 'types', title: 'types', run: () => command([tool('typescript', 'bin/tsc'), '-b']) },
  { name: 'lint', title: 'lint: oxlint', run: () => command([tool('oxlint', 'bin/oxlint'), '--deny-warnings']) },
  { name: 'lint', title: 'lint: prettier', run: () => command([tool('prettier', 'bin/prettier.cjs'), '--check', '.']) },
  { name: 'unit', title: 'unit tests', run: () => vitest('unit', {}) },
  { name: 'build', title: 'build', run: () => npm(['run', 'build']) },
  { name: 'e2e', title: 'browser tests', run: browserTests },
  { name: 'electron', title: 'electron', run: electronTests },
]

/** Titles of the steps that failed so far. */
const failedSteps = []
/** What was not run, and why: neither passed nor failed. */
const notRun = []
process.exitCode = await main()

async function main() {
  const selected = selection()
  if (selected === null) return 2
  if (!existsSync(ownNode())) {
    process.stderr.write('the dependencies are missing: run `npm ci` first\n')
    return 1
  }
  mkdirSync(REPORTS, { recursive: true })
  let passed = 0
  let failed = 0
  for (const step of STEPS.filter(({ name }) => selected.includes(name))) {
    process.stdout.write(`\n── ${step.title} ${'─'.repeat(Math.max(3, 76 - step.title.length))}\n`)
    const begun = performance.now()
    const outcome = await step.run()
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    passed += outcome.passed
    failed += outcome.failed
    if (outcome.failed > 0) failedSteps.push(step.title)
    if (outcome.problem) process.stdout.write(`${step.title}: ${outcome.problem}\n`)
    process.stdout.write(`── ${step.title}: ${outcome.passed} passed, ${outcome.failed} failed, ${seconds} s\n`)
  }
  if (failedSteps.length > 0) process.stdout.write(`\nfailed: ${failedSteps.join(', ')}\n`)
  for (const line of notRun) process.stdout.write(`\n${line}\n`)
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  return failed > 0 || passed === 0 ? 1 : 0
}

/** null after a complaint about the arguments. */
function selection() {
  try {
    const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
    if (only === undefined) return STEPS.map(({ name }) => name)
    if (Object.hasOwn(SELECTIONS, only)) return SELECTIONS[only]
    process.stderr.write(`--only takes ${Object.keys(SELECTIONS).join(', ')}\n`)
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
  }
  return null
}

async function browserTests() {
  if (failedSteps.includes('build')) return stepFailed('not run, because the build failed')
  const chromium = findChromium()
  if (chromium.failure !== undefined) return stepFailed(chromium.failure)
  return await vitest('e2e', { CHROMIUM_PATH: chromium.path })
}

/** The real Electron, wherever it is. */
async function electronTests() {
  if (failedSteps.includes('build')) return stepFailed('not run, because the build failed')
  const electron = findElectron()
  if (electron.absent === undefined) return await vitest('electron', {})
  notRun.push(`electron: not run, ${electron.absent}`)
  return { passed: 0, failed: 0, problem: `not run, ${electron.absent}` }
}

/** Runs one project of vitest and counts its tests from its own report: its words for people may change. */
async function vitest(project, environment) {
  const report = join(REPORTS, `${project}.json`)
  // Counts of an earlier run must never pass for those of one that broke before it could count.
  rmSync(report, { force: true })
  const status = await start(
    ownNode(),
    [
      tool('vitest', 'vitest.mjs'),
      'run',
      `--config=${join('test', 'vitest.config.ts')}`,
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    environment,
  )
  return counted(report, status)
}

function counted(report, status) {
  let json
  try {
    json = JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return stepFailed(`vitest wrote no report (exit code ${status})`)
  }
  const passed = json.numPassedTests
  // A file that breaks before its first test has no failed test, and still is one.
  const broken = json.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = json.numFailedTests + broken.length
  if (passed + failed === 0) return stepFailed('no test ran')
  if (failed === 0 && status !== 0) return { passed, failed: 1, problem: `vitest ended with exit code ${status}` }
  const skipped = json.numTotalTests - passed - json.numFailedTests
  return { passed, failed, problem: skipped > 0 ? `${skipped} skipped` : null }
}

/** A step that is no test runner: it passes or fails as one. */
async function command(words) {
  return await asOne(start(ownNode(), words, {}))
}

/** npm is a script, which Windows runs by its shell only; as a child of npm its own path is known. */
async function npm(words) {
  const script = process.env.npm_execpath
  if (script?.endsWith('.js')) return await asOne(start(process.execPath, [script, ...words], {}))
  return await asOne(start('npm', words, {}, process.platform === 'win32'))
}

async function asOne(ending) {
  const status = await ending
  return status === 0 ? { passed: 1, failed: 0, problem: null } : stepFailed(`exit code ${status}`)
}

function stepFailed(problem) {
  return { passed: 0, failed: 1, problem }
}

function ownNode() {
  return join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

function tool(name, entry) {
  return join(ROOT, 'node_modules', name, entry)
}

/** Answers the exit code; -1 for a program that cannot be started or was killed. */
function start(program, words, environment, shell = false) {
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      cwd: ROOT,
      stdio: 'inherit',
      shell,
      env: { ...process.env, ...environment, PATH: join(ROOT, 'node_modules', '.bin') + delimiter + process.env.PATH },
    })
    child.on('error', (error) => {
      process.stderr.write(`${program}: ${error.message}\n`)
      resolve(-1)
    })
    child.on('close', (code) => resolve(code ?? -1))
  })
}
