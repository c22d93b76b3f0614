// Handing over to the desktop shell: the same words, run by the Electron runtime, until its window is closed for good.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants, tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Result } from '../../preload/contract.ts'
import type { RunOptions } from './options.ts'
import { ensureRuntime } from './runtime.ts'

/** The built shell: beside out/main/cli.mjs, or under out/ when this runs unbuilt. */
const SHELL = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../out/main/shell.mjs' : './shell.mjs', import.meta.url),
)

/** A runtime that ends with an error sooner than this, in ms, could not start here (sandbox, libraries, display). */
const START_MS = 5_000

export interface DesktopOptions {
  readonly options: RunOptions
  readonly data: string
  say(line: string): void
}

/** Failures: those of `ensureRuntime`, and `start`; the value is the exit code. */
export async function runDesktop({ options, data, say }: DesktopOptions): Promise<Result<number>> {
  if (!existsSync(SHELL)) return { ok: false, failure: { code: 'start', message: 'The desktop shell is not built.' } }
  const cancelled = new AbortController()
  const cancel = (): void => cancelled.abort()
  for (const name of SIGNALS) process.once(name, cancel)
  const runtime = await ensureRuntime(
    {
      electron: electronPackage(),
      platform: process.platform,
      environment: process.env,
      data,
      temporary: tmpdir(),
      now: Date.now,
      say,
    },
    cancelled.signal,
  )
  for (const name of SIGNALS) process.off(name, cancel)
  if (!runtime.ok) return cancelled.signal.aborted ? { ok: true, value: 1 } : runtime
  return runShell(runtime.value, [...sandboxWords(), SHELL, '--', ...wordsOf(options)], START_MS)
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The words that `parseRun` reads these options from; `host` and `port` are the browser host's. */
export function wordsOf(options: RunOptions): readonly string[] {
  const named: readonly (readonly [string, string | null])[] = [
    ['--data', options.data],
    ['--provider', options.provider],
    ['--base-url', options.baseUrl],
    ['--model', options.model],
    ['--deep-model', options.deepModel],
  ]
  const words = named.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]))
  return [...words, ...(options.dryRun ? ['--dry-run'] : []), '--', options.path]
}

function electronPackage(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  } catch {
    return null
  }
}

/** Chromium's sandbox does not start for root, so only then it is left off. */
function sandboxWords(): readonly string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

/**
 * Runs the program until it ends; the value is its exit code. Failure: `start`, when it broke within `startMs` ms.
 */
export function runShell(program: string, words: readonly string[], startMs: number): Promise<Result<number>> {
  const startedAt = performance.now()
  const child = spawn(program, [...words], { stdio: 'inherit' })
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal)
  for (const name of SIGNALS) process.on(name, forward)
  return new Promise((resolve) => {
    const end = (result: Result<number>): void => {
      for (const name of SIGNALS) process.off(name, forward)
      resolve(result)
    }
    child.once('error', (error) => {
      const message = `${program} cannot be started: ${error.message}.`
      end({ ok: false, failure: { code: 'start', message } })
    })
    child.once('exit', (code, signal) => {
      const broken =
        code !== 0 && performance.now() - startedAt < startMs && signal !== 'SIGINT' && signal !== 'SIGTERM'
      if (broken) {
        const how = signal ?? `exit code ${code}`
        end({ ok: false, failure: { code: 'start', message: `The Electron runtime does not start here (${how}).` } })
      } else {
        end({ ok: true, value: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) })
      }
    })
  })
}
