// The command line: which command the words mean, help and version; everything that talks to people ends in an exit code.
import { readFile } from 'node:fs/promises'
import { processConsole, refuse, type Console } from './console.ts'
import { parseRun, type RunOptions } from './options.ts'

const HELP = `slipstream: pair-programs beside any editor; writes only what you accept.

  slipstream [PATH]                  open the window for the project in PATH (the current folder unless told)
    --host desktop|browser           a desktop window, or the same window served on 127.0.0.1
    --port N                         port of the browser host; 0, as without it: a free one
    --no-open                        only print the address
    --data DIR                       where its database lives
    --provider auto|openai|compatible|local   --base-url URL   --model NAME   --deep-model NAME
                                     who answers; OPENAI_API_KEY and OPENAI_BASE_URL are honoured
    --dry-run                        make and show every request, and send none

  With a running window, from any shell or keymap (found by --project DIR, else by the current folder):
  slipstream interrupt               stop what streams; twice within a second: everything
  slipstream continue                go on from there
  slipstream nudge TEXT              reshape it, and go on
  slipstream ask TEXT [--file F:L]   ask for an edit in words; with --dry [--json] only print the request
  slipstream accept|reject [ID]      the hunk in focus, else the newest pending one, or the one named
  slipstream undo                    take the last write back
  slipstream mute [--for 15m|1h|tomorrow] [PATH]   ask nothing by itself, about PATH or at all; a folder ends in /
  slipstream unmute [PATH]           take it back; without PATH: all of it
  slipstream status [--json]

  Without a window:
  slipstream apply FILE|- [--root DIR] [--dry-run] [--json]   apply a model's reply or a patch, whole or not at all
  slipstream suggest [--json] [--provider …]                  changes as JSON lines in, proposals out

  slipstream --help | --version

Exit codes: 0 done, 1 refused or nothing to do, 2 wrong arguments.`

const CLIENT_COMMANDS = [
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
]

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  /** `words` begin with the command's name. */
  | { readonly kind: 'client'; readonly words: readonly string[] }
  /** `words` are those after the command's name. */
  | { readonly kind: 'apply' | 'suggest'; readonly words: readonly string[] }
  | { readonly kind: 'run'; readonly options: RunOptions }
  | { readonly kind: 'wrong'; readonly message: string }

/** What the words after `slipstream` mean. A project that is called like a command is opened as `./status`. */
export function parseCommand(words: readonly string[]): Command {
  const end = words.indexOf('--')
  const options = end < 0 ? words : words.slice(0, end)
  if (options.includes('--help') || options.includes('-h')) return { kind: 'help' }
  const [first = '', ...rest] = words
  if (CLIENT_COMMANDS.includes(first)) return { kind: 'client', words }
  if (first === 'apply' || first === 'suggest') return { kind: first, words: rest }
  if (options.includes('--version') || options.includes('-v')) return { kind: 'version' }
  // `slipstream --project DIR interrupt`: the command does not come first.
  if (first === '--project' || first.startsWith('--project=')) {
    const at = words.findIndex((word) => CLIENT_COMMANDS.includes(word))
    const command = words[at]
    if (command !== undefined)
      return { kind: 'client', words: [command, ...words.slice(0, at), ...words.slice(at + 1)] }
  }
  const run = parseRun(words)
  return run.ok ? { kind: 'run', options: run.value } : { kind: 'wrong', message: run.failure.message }
}

/** Runs what the words mean; resolves with the exit code. Each command loads only what it needs. */
export async function cli(words: readonly string[], console: Console = processConsole()): Promise<number> {
  const command = parseCommand(words)
  switch (command.kind) {
    case 'help':
      await console.out(HELP)
      return 0
    case 'version':
      await console.out(await version())
      return 0
    case 'client': {
      const { runClient } = await import('./client.ts')
      return runClient(command.words, console)
    }
    case 'apply': {
      const { runApply } = await import('./apply.ts')
      return interruptible((signal) => runApply(command.words, console, signal))
    }
    case 'suggest': {
      const { chooseSuggester, runSuggest } = await import('./suggest.ts')
      return interruptible((signal) => runSuggest(command.words, console, chooseSuggester, signal))
    }
    case 'run': {
      const { run } = await import('./run.ts')
      return run(command.options)
    }
    case 'wrong':
      refuse(console, `${command.message} (slipstream --help lists everything)`)
      return 2
  }
}

async function version(): Promise<string> {
  // Two folders up both from main/host and, once built, from out/main.
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const description: unknown = JSON.parse(text)
  const known = typeof description === 'object' && description !== null && 'version' in description
  return known ? String(description.version) : 'unknown'
}

/** Exit code of a command that was ended by Ctrl-C, as shells expect it. */
const INTERRUPTED = 130

/** Runs with a signal that Ctrl-C and SIGTERM abort. */
async function interruptible(run: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  process.once('SIGINT', abort)
  process.once('SIGTERM', abort)
  try {
    return await run(controller.signal)
  } catch (error) {
    if (controller.signal.aborted) return INTERRUPTED
    throw error
  } finally {
    process.off('SIGINT', abort)
    process.off('SIGTERM', abort)
  }
}
