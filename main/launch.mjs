#!/usr/bin/env node
// The `bin`: runs unbuilt on any Node from 20 on, builds the project when needed, and starts it under the project's own Node.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import module from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'

// Plain JavaScript, and as little of it as can be: every command pays for this file first.

/** The engine needs `node:sqlite` and what else came with this version. */
const WANTED_NODE = 24
const LOCK_EXPIRES_MS = 120_000
const LOCK_LOOK_MS = 100
const CLIENT_COMMANDS = new Set([
  'interrupt',
  'continue',
  'nudge',
  'ask',
  'accept',
  'reject',
  'undo',
  'status',
  'mute',
  'unmute',
])

const root = join(import.meta.dirname, '..')
const built = join(root, 'out', 'main')
const words = process.argv.slice(2)

/** Says why nothing can be done, and ends. */
function giveUp(message) {
  process.stderr.write(`slipstream: ${message}\n`)
  process.exit(1)
}

/** Whether a source is newer than the last build, or there was none. */
function isStale() {
  const stamp = statSync(join(root, 'out', '.built'), { throwIfNoEntry: false })
  if (stamp === undefined || !existsSync(join(built, 'cli.mjs'))) return true
  return ['main', 'preload', 'renderer', 'package.json'].some((name) => isNewer(join(root, name), stamp.mtimeMs))
}

function isNewer(path, than) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return false
  // A folder's own time tells nothing: the build itself puts a file beside its config, and takes it away again.
  if (stat.isDirectory()) return readdirSync(path).some((name) => isNewer(join(path, name), than))
  return stat.mtimeMs > than
}

/** One process builds at a time; another that comes meanwhile waits, and then finds it done. A lock left by a crash expires. */
function buildOnce() {
  const lock = join(root, 'out', '.building')
  mkdirSync(join(root, 'out'), { recursive: true })
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      const held = statSync(lock, { throwIfNoEntry: false })
      if (held !== undefined && Date.now() - held.mtimeMs > LOCK_EXPIRES_MS)
        rmSync(lock, { recursive: true, force: true })
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_LOOK_MS)
    }
  }
  process.once('exit', () => rmSync(lock, { recursive: true, force: true }))
  try {
    if (isStale()) build()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** Builds with what `npm run build` runs; its messages go to standard error, because standard output is the program's. */
function build() {
  const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  if (!existsSync(tool)) {
    if (existsSync(join(built, 'cli.mjs'))) return
    giveUp(`it is not built, and its build tools are missing: run \`npm ci\` in ${root}.`)
  }
  process.stderr.write('slipstream: building, this takes a few seconds\n')
  const config = join('main', 'electron.vite.config.ts')
  const { status } = spawnSync(process.execPath, [tool, 'build', '-c', config, '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) giveUp('the build failed: what is above says why.')
}

/** The Node that npm installed with the project. */
function ownNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const inside = join(root, 'node_modules', 'node', 'bin', name)
  if (existsSync(inside)) return inside
  try {
    // Installed as a dependency of another project, npm may have put it elsewhere.
    const other = module.createRequire(import.meta.url).resolve('node/bin/node')
    if (existsSync(other)) return other
  } catch {
    // Told below.
  }
  return giveUp(`it needs Node ${WANTED_NODE}, and the one that comes with it is missing: run \`npm ci\` in ${root}.`)
}

/** Runs the same words under the project's own Node, and ends as it ends. */
function handOver() {
  // The channel tells the child when this process is killed without a chance to say so.
  const child = spawn(ownNode(), [import.meta.filename, ...words], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  const forwarded = ['SIGTERM', 'SIGHUP', 'SIGINT']
  for (const signal of forwarded) {
    process.on(signal, () => {
      // On a terminal Ctrl-C reaches the child by itself; twice would mean something else.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', (error) => giveUp(`${child.spawnfile} cannot be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0))
  })
}

/** Keeps compiled code beside the build: it halves the time to load it. */
function keepCompiledCode() {
  module.enableCompileCache?.(join(root, 'out', 'compile-cache'))
}

const client = join(built, 'client.mjs')
if (CLIENT_COMMANDS.has(words[0]) && !words.includes('--help') && !words.includes('-h') && existsSync(client)) {
  // No hand-over and no look at the sources: it only speaks to a process that runs already.
  keepCompiledCode()
  const { runClient } = await import('../out/main/client.mjs')
  process.exitCode = await runClient(words)
} else if (Number.parseInt(process.versions.node, 10) < WANTED_NODE) {
  handOver()
} else {
  if (process.channel) {
    process.channel.unref()
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  }
  if (isStale()) buildOnce()
  keepCompiledCode()
  const { cli } = await import('../out/main/cli.mjs')
  process.exitCode = await cli(words)
}
