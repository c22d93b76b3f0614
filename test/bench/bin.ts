// The product's bin as a process of its own: started, timed to its ready line, asked by its commands, and ended.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { epoch, within } from './clock.ts'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const BIN = join(ROOT, 'main', 'launch.mjs')
const READY = /^Slipstream ready: (http:\/\/127\.0\.0\.1:\d+\/#token=\S+)$/m
const START_MS = 30_000
const BUILD_MS = 180_000
const END_MS = 10_000

export interface Running {
  readonly child: ChildProcess
  /** Epoch ms of the first line on standard output, and that line. */
  readonly firstLine: { readonly at: number; readonly text: string }
  close(): Promise<void>
}

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Starts a program and resolves with its first line on standard output; rejects when it ends or waits too long before. */
export async function startProgram(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const close = (): Promise<void> => end(child)
  let out = ''
  let err = ''
  const line = new Promise<Running['firstLine']>((resolve, reject) => {
    child.stderr.on('data', (chunk) => (err += String(chunk)))
    child.stdout.on('data', (chunk) => {
      const at = epoch()
      out += String(chunk)
      const text = out.split('\n', 1)[0]
      if (text !== undefined && out.includes('\n')) resolve({ at, text })
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${out}${err}`)))
  })
  try {
    return { child, firstLine: await within(START_MS, `the start of ${words.at(0)}`, line), close }
  } catch (cause) {
    await close()
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)}\n${err}`, { cause })
  }
}

/** `node` runs the bin; the words and environment are the person's. */
export async function startBin(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  node = process.execPath,
): Promise<Running & { readonly url: string }> {
  const running = await startProgram(node, [BIN, ...words], env)
  const url = READY.exec(running.firstLine.text)?.[1]
  if (url !== undefined) return { ...running, url }
  await running.close()
  throw new Error(`the first line is no ready line: ${running.firstLine.text}`)
}

export function runBin(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  limitMs = START_MS,
  node = process.execPath,
): Promise<Ended> {
  const child = spawn(node, [BIN, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<Ended>((resolve, reject) => {
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => (out += String(chunk)))
    child.stderr.on('data', (chunk) => (err += String(chunk)))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, out, err }))
  })
  return within(limitMs, words.join(' '), ended).finally(() => end(child))
}

/** The bin builds by itself when it has to: here, and not while something is measured. */
export async function build(): Promise<void> {
  const { code, err } = await runBin(['--version'], { PATH: process.env['PATH'] ?? '' }, BUILD_MS)
  if (code !== 0) throw new Error(`the product cannot be built: ${err}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), END_MS)
  await ended
  clearTimeout(kill)
}

export interface MachineNode {
  readonly program: string
  readonly major: number
}

/** The Node that a person's shell would find: not the project's own, which npm puts before it. */
export async function machineNode(): Promise<MachineNode> {
  const own = realpathSync(join(ROOT, 'node_modules')) + sep
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const candidates = folders.map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'))
  const found = candidates.find((file) => existsSync(file) && !realpathSync(file).startsWith(own))
  const program = found ?? process.execPath
  const running = await startProgram(program, ['-p', 'process.versions.node'], {})
  await running.close()
  return { program, major: Number.parseInt(running.firstLine.text, 10) }
}
