// The thin client: interrupt, continue, nudge, ask, accept, reject, undo, mute, unmute and status, sent to the running instance.
import type {
  Calls,
  CallName,
  MuteView,
  Place,
  Result,
  SeenView,
  StatusView,
  WhenView,
} from '../../preload/contract.ts'
import type { ClientMessage, EngineFrame } from '../../preload/wire.ts'
import { connect } from '../../preload/wire/client.ts'
import { runtimeFolder, surroundings } from '../adapters/folders.ts'
import { printable, processConsole, refuse, type Console } from './console.ts'
import { connectInstance } from './instances.ts'
import { parseOptions, wrong } from './options.ts'
import { createStreamPort } from './stream-port.ts'

// Built as an entry of its own, which runs on whatever Node there is from 20 on: it is meant for keymaps, where every
// millisecond is felt. So nothing that is slow to load may come in here.

/** The answer to `status` carries whole suggestions. */
const MAX_FRAME_BYTES = 256_000_000
/** ms until an instance that does not answer is given up. */
const PATIENCE = 30_000

const OPTIONS = {
  project: { type: 'string' },
  file: { type: 'string' },
  for: { type: 'string' },
  json: { type: 'boolean' },
  dry: { type: 'boolean' },
} as const

/** One question to the engine, and what its answer reads like: a line each; none of them means that nothing was there to do. */
interface Question<Name extends CallName> {
  readonly name: Name
  readonly values: Calls[Name]['arguments']
  readonly lines: (value: Calls[Name]['value']) => readonly string[]
  readonly nothing: string
}

/** Asks it through whatever sends it; so that one command's types need not be known where all commands are run. */
type Ask = <Name extends CallName>(question: Question<Name>) => Promise<Result<readonly string[]>>
type Command = (ask: Ask) => Promise<Result<readonly string[]>>

/**
 * Runs one of the commands above; `words` begins with its name. Exit codes: 0 done; 1 refused or nothing to do, said on
 * standard error; 2 wrong arguments.
 */
export async function runClient(words: readonly string[], console: Console = processConsole()): Promise<number> {
  const parsed = parseOptions(words, OPTIONS)
  const command = parsed.ok ? commandOf(parsed.value.positionals, parsed.value.values) : parsed
  if (!parsed.ok || !command.ok) {
    refuse(console, command.ok ? '' : command.failure.message)
    return 2
  }
  const folder = runtimeFolder({ ...surroundings(), environment: console.environment })
  if (!folder.ok) {
    refuse(console, folder.failure.message)
    return 1
  }
  const project = parsed.value.values.project ?? null
  const connected = await connectInstance(folder.value, { project, cwd: console.cwd })
  if (!connected.ok) {
    refuse(console, connected.failure.message)
    return 1
  }
  const port = createStreamPort<EngineFrame, ClientMessage>(connected.value.socket, (text) => JSON.parse(text), {
    maxFrameBytes: MAX_FRAME_BYTES,
  })
  const client = connect(port)
  const signal = AbortSignal.timeout(PATIENCE)
  const result = await command.value(async (question) => {
    const answer = await client.call(question.name, question.values, signal)
    if (!answer.ok) return answer
    const lines = question.lines(answer.value)
    return lines.length > 0
      ? { ok: true, value: lines }
      : { ok: false, failure: { code: 'nothing', message: question.nothing } }
  })
  client.close()
  if (!result.ok) {
    refuse(console, signal.aborted ? 'The running Slipstream does not answer.' : result.failure.message)
    return 1
  }
  for (const line of result.value) await console.out(line)
  return 0
}

interface Values {
  readonly file?: string | undefined
  readonly for?: string | undefined
  readonly json?: boolean | undefined
  readonly dry?: boolean | undefined
}

function commandOf(positionals: readonly string[], values: Values): Result<Command> {
  const [name = '', ...rest] = positionals
  const words = rest.join(' ')
  if (values.file !== undefined && name !== 'ask') return wrong('--file belongs to `slipstream ask`')
  if (values.dry !== undefined && name !== 'ask') return wrong('--dry belongs to `slipstream ask`')
  if (values.json !== undefined && name !== 'status' && values.dry === undefined)
    return wrong('--json belongs to `slipstream status` and `slipstream ask --dry`')
  if (values.for !== undefined && name !== 'mute') return wrong('--for belongs to `slipstream mute`')
  if (values.for !== undefined && untilOf(values.for, new Date()) === null) {
    return wrong('--for wants a time such as 15m, 1h or 2d, or `tomorrow`')
  }
  switch (name) {
    case 'mute':
    case 'unmute':
      if (rest.length > 1) return wrong(`\`slipstream ${name}\` takes one PATH at most`)
      break
    case 'nudge':
    case 'ask':
      if (words.trim() === '') return wrong(`\`slipstream ${name}\` needs a TEXT`)
      break
    case 'accept':
    case 'reject':
      if (rest.length > 1) return wrong(`\`slipstream ${name}\` takes one ID at most`)
      break
    default:
      if (rest.length > 0) return wrong(`\`slipstream ${name}\` takes no arguments, but there is: ${words}`)
  }
  const command = questionOf(name, words, values)
  return command === null ? wrong(`There is no command \`${name}\``) : { ok: true, value: command }
}

function questionOf(name: string, words: string, values: Values): Command | null {
  switch (name) {
    case 'interrupt':
      return (ask) =>
        ask({
          name,
          values: { suggestion: null },
          lines: ({ stopped }) => stopped.map((id) => `interrupted ${id}`),
          nothing: 'Nothing is streaming.',
        })
    case 'continue':
      return (ask) => ask({ name, values: { suggestion: null }, lines: started('continued'), nothing: '' })
    case 'nudge':
      return (ask) => ask({ name, values: { suggestion: null, text: words }, lines: started('nudged'), nothing: '' })
    case 'ask':
      if (values.dry === true) {
        return (ask) =>
          ask({
            name: 'preview',
            values: { text: words, place: values.file ?? null },
            lines: (seen) => (values.json === true ? [JSON.stringify(seen)] : seenLines(seen)),
            nothing: '',
          })
      }
      return (ask) =>
        ask({ name, values: { text: words, place: values.file ?? null }, lines: started('asked'), nothing: '' })
    case 'accept':
    case 'reject':
      return (ask) =>
        ask({
          name: 'decide',
          values: { id: words === '' ? null : words, decision: name },
          lines: placeLines,
          nothing: `Nothing to ${name}.`,
        })
    case 'undo':
      return (ask) => ask({ name, values: {}, lines: placeLines, nothing: 'Nothing to undo.' })
    case 'mute': {
      const until = values.for === undefined ? null : untilOf(values.for, new Date())
      return (ask) => ask({ name, values: { mute: { ...mutable(words), until } }, lines: muteLines, nothing: '' })
    }
    case 'unmute':
      return (ask) =>
        ask({ name, values: { mute: words === '' ? null : mutable(words) }, lines: muteLines, nothing: '' })
    case 'status':
      return (ask) =>
        ask({
          name,
          values: {},
          lines: (status) => (values.json === true ? [JSON.stringify(status)] : statusLines(status)),
          nothing: '',
        })
    default:
      return null
  }
}

/** A request that is not sent, part by part, as a person reads it. */
function seenLines({ requests, withheld, note }: SeenView): readonly string[] {
  const lines = requests.flatMap(({ bytes, endpoint, model, parts, tokens }) => [
    `not sent: ${bytes} bytes, about ${tokens} tokens, for ${model} at ${endpoint}`,
    ...parts.flatMap((part) => {
      const lastLine = part.end === null ? '' : `–${part.end - 1}`
      const place = part.path === null ? '' : `, ${part.path}:${part.start}${lastLine}`
      return ['', `── ${part.name}${place}, about ${part.tokens} tokens`, ...part.text.trimEnd().split('\n')]
    }),
  ])
  const kept = withheld.map(({ what, why }) => `withheld: ${what} (${why})`)
  return [...(note === null ? [] : [note]), ...lines, ...(kept.length === 0 ? [] : ['', ...kept])].map((line) =>
    line.split('\t').map(printable).join('\t'),
  )
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The end (epoch ms) that `15m`, `1h`, `2d` or `tomorrow` names; null for any other words. */
function untilOf(words: string, now: Date): number | null {
  if (words === 'tomorrow') return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime()
  const [, count = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(words) ?? []
  const ms = Number(count) * (UNITS[unit] ?? 0)
  return ms > 0 ? now.getTime() + ms : null
}

/** A path that ends in a slash is a folder; no path is everything. */
function mutable(path: string): Pick<MuteView, 'kind' | 'name'> {
  if (path === '') return { kind: 'all', name: '' }
  return { kind: /[\\/]$/.test(path) ? 'folder' : 'file', name: path }
}

function muteLines({ mutes }: WhenView): readonly string[] {
  if (mutes.length === 0) return ['nothing is muted']
  return mutes.map(({ kind, name, until }) => {
    const end = until === null ? '' : ` until ${new Date(until).toLocaleString()}`
    return `muted: ${kind === 'all' ? 'everything' : printable(name)}${end}`
  })
}

function started(what: string): (value: { readonly suggestion: string }) => readonly string[] {
  return ({ suggestion }) => [`${what} ${suggestion}`]
}

/** `PATH:LINE`, which editors and terminals can jump to. */
function placeLines({ places }: { readonly places: readonly Place[] }): readonly string[] {
  return places.map(({ path, line }) => `${printable(path)}:${line}`)
}

/** The status for people: the project, who answers, what is to do; then each pending hunk. */
function statusLines(status: StatusView): readonly string[] {
  const { project } = status
  const { provider, watch } = project
  const who =
    provider.kind === 'local'
      ? provider.label
      : provider.state === 'ready'
        ? `${provider.model} via ${provider.label}`
        : `${provider.label}: ${provider.state}`
  const pending = status.suggestions.flatMap(({ hunks }) => hunks.filter(({ state }) => state === 'pending'))
  const lines = [
    `${project.name}  ${project.root}`,
    `${project.paused ? 'paused' : watch.state}, ${watch.files} files  ·  ${who}`,
    `${status.streaming} streaming, ${status.pending} to review, ${project.undoable} to undo`,
    ...[watch.message, provider.message, project.quiet?.text, project.fault].filter((line) => typeof line === 'string'),
    ...pending.map(({ id, path, start }) => `${id}  ${path}:${start}`),
  ]
  return lines.map(printable)
}
