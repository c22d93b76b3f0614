// `slipstream suggest`: changes come in as JSON lines, one line with the proposed hunks goes out for each, in order.
import type { Result } from '../../preload/contract.ts'
import type { TextChange } from '../core/ports.ts'
import { printable, refuse, type Console } from './console.ts'
import { parseOptions, parseProvider, PROVIDER_OPTIONS, wrong, type ProviderOptions } from './options.ts'

/** One line of the input, checked. */
export interface SuggestInput extends TextChange {
  /** The project's folder; null: only these texts are known. */
  readonly root: string | null
  /** Oldest first. */
  readonly history: readonly TextChange[]
}

/** One line of the output: about the text `after`; lines split at `\n` only, 1-based, end exclusive, `start === end` inserts. */
export interface SuggestOutput {
  readonly hunks: readonly {
    readonly path: string
    readonly start: number
    readonly end: number
    readonly lines: readonly string[]
  }[]
  readonly explanation: string
  /** Only when there is no proposal because of a failure: one line. */
  readonly error?: string
}

/** What answers one change. It never throws for an expected failure; those are outputs with `error`. */
export type Suggester = (input: SuggestInput, signal: AbortSignal) => Promise<SuggestOutput>

export interface ChosenSuggester {
  readonly suggest: Suggester
  /** Lets go of connections, which would keep the process alive. */
  close(): void
}

/** Chooses what answers: by the options, else by what the environment and this machine offer. */
export type ChooseSuggester = (
  options: ProviderOptions,
  console: Console,
  signal: AbortSignal,
) => Promise<Result<ChosenSuggester>>

/** The embedded engine; it is loaded when it is needed. */
export async function localSuggester(): Promise<ChosenSuggester> {
  const { suggestLocally } = await import('../core/suggest.ts')
  return { suggest: async (input) => suggestLocally(input), close() {} }
}

/**
 * The embedded engine with `--provider local`, else who the Models port chooses. Failures: `consent` (a remote endpoint
 * that was not named on the command line), and what keeps the endpoint from answering.
 */
export const chooseSuggester: ChooseSuggester = async (options, console, signal) => {
  if (options.provider === 'local') return { ok: true, value: await localSuggester() }
  const { chooseModelSuggester } = await import('./suggest-model.ts')
  return chooseModelSuggester(options, console, signal)
}

/**
 * `words` are those after `suggest`. A malformed line gets an output with `error`, and the next one is read. Exit codes:
 * 0 all input was read; 1 nobody can answer; 2 wrong arguments.
 */
export async function runSuggest(
  words: readonly string[],
  console: Console,
  choose: ChooseSuggester,
  signal: AbortSignal,
): Promise<number> {
  const parsed = parseOptions(words, { ...PROVIDER_OPTIONS, json: { type: 'boolean' } })
  const extra = parsed.ok && parsed.value.positionals.length > 0
  const options = parsed.ok ? parseProvider(parsed.value.values) : parsed
  if (!options.ok || extra) {
    const complaint = options.ok ? wrong('`slipstream suggest` reads standard input and takes no file') : options
    if (!complaint.ok) refuse(console, complaint.failure.message)
    return 2
  }
  const suggester = await choose(options.value, console, signal)
  if (!suggester.ok) {
    refuse(console, suggester.failure.message)
    return 1
  }
  const { suggest, close } = suggester.value
  try {
    for await (const line of inputLines(console.input)) {
      if (line.trim() === '') continue
      const input = parseInput(line)
      const output = input.ok ? await suggest(input.value, signal) : failed(input.failure.message)
      if (signal.aborted) return 1
      await console.out(JSON.stringify(output))
    }
    return 0
  } finally {
    close()
  }
}

export function failed(error: string): SuggestOutput {
  return { hunks: [], explanation: '', error: printable(error) }
}

/** Splits at `\n` only: JSON may hold U+2028 and the like, which readline takes for line ends. */
async function* inputLines(input: Console['input']): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let begun = ''
  for await (const part of input) {
    const pieces = (typeof part === 'string' ? part : decoder.decode(part, { stream: true })).split('\n')
    const last = pieces.pop() ?? ''
    for (const piece of pieces) {
      yield begun + piece
      begun = ''
    }
    begun += last
  }
  begun += decoder.decode()
  if (begun !== '') yield begun
}

/** Failure: `malformed`. A missing `root` or `history` counts as null and empty. */
export function parseInput(line: string): Result<SuggestInput> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return malformed('not JSON')
  }
  const change = parseChange(value)
  if (change === null || typeof value !== 'object' || value === null) {
    return malformed('`path`, `before` and `after` must be strings')
  }
  const root = 'root' in value ? value.root : null
  if (root !== null && typeof root !== 'string') return malformed('`root` must be a string or null')
  const past = 'history' in value && value.history !== null ? value.history : []
  if (!Array.isArray(past)) return malformed('`history` must be a list')
  const history: TextChange[] = []
  for (const item of past) {
    const step = parseChange(item)
    if (step === null) return malformed('each step of `history` needs the strings `path`, `before` and `after`')
    history.push(step)
  }
  return { ok: true, value: { ...change, root, history } }
}

function parseChange(value: unknown): TextChange | null {
  if (typeof value !== 'object' || value === null) return null
  if (!('path' in value && 'before' in value && 'after' in value)) return null
  const { path, before, after } = value
  if (typeof path !== 'string' || typeof before !== 'string' || typeof after !== 'string') return null
  return { path, before, after }
}

function malformed(message: string): Result<never> {
  return { ok: false, failure: { code: 'malformed', message: `Malformed input line: ${message}.` } }
}
