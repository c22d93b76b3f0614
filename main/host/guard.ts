// The runtime check of every frame that comes in from a window or a command: shapes, sizes, and nothing more than that.
import { z } from 'zod'
import type { CallName, Calls, Result, StreamName, Streams } from '../../preload/contract.ts'
import type { ClientFrame } from '../../preload/wire.ts'

// ── Sizes ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What people type: nudges, questions. In UTF-16 units, as are the others. */
const MAX_TEXT = 20_000
const MAX_ID = 100
/** Characters of a rule in words, and of the key that names it. */
const MAX_RULE = 2_000
const MAX_PATH = 4_096
const MAX_ADDRESS = 2_048
const MAX_MODEL = 200
const MAX_KEY = 2_000
const MAX_HUNKS = 1_000
const MAX_CHORD = 100
const MAX_EXCLUDES = 500
const MAX_PATTERN = 1_000
const MAX_FILE_BYTES = 100_000_000
const MAX_TOKENS = 1_000_000_000
const MAX_LINE = 100_000
const MAX_LINES = 10_000
const MAX_CREDIT = 1_000
/** ms; a day. */
const MAX_LAG = 86_400_000
/** ms; ten minutes. */
const MAX_PAUSE = 600_000

const id = z.string().min(1).max(MAX_ID)
const optionalId = id.nullable()
/** Something must have been said. */
const words = z.string().max(MAX_TEXT).regex(/\S/, 'must not be empty')
const hunkReference = z.strictObject({ suggestion: id, hunk: id, hash: id })
const hunks = z.strictObject({ hunks: z.array(hunkReference).min(1).max(MAX_HUNKS) })
const nothing = z.strictObject({})
const someSuggestion = z.strictObject({ suggestion: id })
const address = z.string().max(MAX_ADDRESS)
const model = z.string().max(MAX_MODEL)
const settings = z.strictObject({
  provider: z.enum(['auto', 'openai', 'compatible', 'local']),
  baseUrl: address,
  model,
  deepModel: model,
  excludes: z.array(z.string().max(MAX_PATTERN)).max(MAX_EXCLUDES),
  maxFileBytes: z.number().int().min(1).max(MAX_FILE_BYTES),
  hourlyTokens: z.number().int().min(0).max(MAX_TOKENS),
  editor: z.string().max(MAX_PATTERN),
})

const muted = { kind: z.enum(['all', 'file', 'folder', 'language']), name: z.string().max(MAX_PATH) }

const chord = z.string().max(MAX_CHORD)
const preferences = z.strictObject({
  side: z.enum(['left', 'right']),
  alwaysOnTop: z.boolean(),
  compact: z.boolean(),
  notifications: z.boolean(),
  updates: z.enum(['off', 'latest', 'beta']),
  hotkeys: z.strictObject({ interrupt: chord, toggle: chord }),
})

// ── One schema a name ────────────────────────────────────────────────────────────────────────────────────────────────

const callSchemas = {
  accept: hunks,
  reject: hunks,
  interrupt: z.strictObject({ suggestion: optionalId }),
  nudge: z.strictObject({ suggestion: optionalId, text: words }),
  continue: z.strictObject({ suggestion: optionalId }),
  retry: someSuggestion,
  deeper: someSuggestion,
  dismiss: someSuggestion,
  ask: z.strictObject({ text: words, place: z.string().min(1).max(MAX_PATH).nullable() }),
  seen: someSuggestion,
  preview: z.strictObject({ text: words, place: z.string().min(1).max(MAX_PATH).nullable() }),
  undo: nothing,
  takeBack: z.strictObject({ apply: id }),
  redo: z.strictObject({ apply: optionalId }),
  edit: z.strictObject({ hunk: hunkReference, lines: z.array(z.string().max(MAX_LINE)).max(MAX_LINES) }),
  split: z.strictObject({ hunk: hunkReference, picked: z.array(z.number().int().min(0)).min(1).max(MAX_LINES) }),
  place: z.strictObject({ hunk: hunkReference, line: z.number().int().min(1) }),
  unfold: z.strictObject({ hunk: hunkReference }),
  why: z.strictObject({ hunk: hunkReference }),
  conventions: nothing,
  conventionDecide: z.strictObject({
    key: z.string().min(1).max(MAX_RULE),
    decision: z.enum(['approve', 'drop']),
    words: z.string().max(MAX_RULE).nullable(),
  }),
  open: z.strictObject({ path: z.string().min(1).max(MAX_PATH), line: z.number().int().min(1) }),
  decide: z.strictObject({ id: optionalId, decision: z.enum(['accept', 'reject']) }),
  status: nothing,
  hand: z.strictObject({ hunk: hunkReference.nullable(), suggestion: optionalId, focused: z.boolean() }),
  painted: z.strictObject({ suggestion: id, lag: z.number().min(0).max(MAX_LAG) }),
  settings: nothing,
  configure: z.strictObject({ settings }),
  key: z.strictObject({ key: z.string().max(MAX_KEY) }),
  consent: z.strictObject({ endpoint: address.min(1), allow: z.boolean() }),
  pause: z.strictObject({ paused: z.boolean() }),
  trigger: z.strictObject({
    trigger: z.enum(['save', 'pause', 'request']),
    pauseMs: z.number().int().min(0).max(MAX_PAUSE),
  }),
  mute: z.strictObject({ mute: z.strictObject({ ...muted, until: z.number().int().min(0).nullable() }) }),
  unmute: z.strictObject({ mute: z.strictObject(muted).nullable() }),
  resetWait: nothing,
  desktop: nothing,
  desktopConfigure: z.strictObject({ preferences }),
  desktopKey: z.strictObject({ key: z.string().max(MAX_KEY) }),
} satisfies { [N in CallName]: z.ZodType<Calls[N]['arguments']> }

const streamSchemas = {
  events: nothing,
} satisfies { [N in StreamName]: z.ZodType<Streams[N]['arguments']> }

// `satisfies` shows that what a schema lets through has the contract's shape. The other direction, that everything the
// contract allows has a place in the schema (no name forgotten, no field narrower or missing), is checked here: a name
// for which it does not hold makes the type below something else than `never`, and the line after it an error.

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
type Refused<
  Contract extends Record<keyof Schemas, { arguments: unknown }>,
  Schemas extends Record<string, z.ZodType>,
> =
  | Exclude<keyof Contract, keyof Schemas>
  | {
      [N in keyof Schemas]: Contract[N]['arguments'] extends DeepReadonly<z.output<Schemas[N]>> ? never : N
    }[keyof Schemas]
type Agree<Disagreement extends never> = Disagreement
export type GuardAgreesWithContract = Agree<Refused<Calls, typeof callSchemas> | Refused<Streams, typeof streamSchemas>>

// ── Frames ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const frameId = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
const credit = z.number().int().min(1).max(MAX_CREDIT)
const name = z.string().max(MAX_ID)
const frames = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id: frameId, name, arguments: z.unknown() }),
  z.strictObject({ type: z.literal('open'), id: frameId, name, arguments: z.unknown(), credit }),
  z.strictObject({ type: z.literal('credit'), id: frameId, credit }),
  z.strictObject({ type: z.literal('cancel'), id: frameId }),
])

/**
 * Judges one inbound frame. Failures: `malformed` (says in one line what is wrong where), `unknown` (no such call or
 * stream). What is let through holds only known fields.
 */
export function checkFrame(received: unknown): Result<ClientFrame> {
  const outer = frames.safeParse(received)
  if (!outer.success) return malformed('frame', outer.error)
  const frame = outer.data
  if (frame.type !== 'call' && frame.type !== 'open') return { ok: true, value: frame }
  const schemas: Readonly<Record<string, z.ZodType>> = frame.type === 'call' ? callSchemas : streamSchemas
  const schema = Object.hasOwn(schemas, frame.name) ? schemas[frame.name] : undefined
  if (schema === undefined) {
    const kind = frame.type === 'call' ? 'call' : 'stream'
    return { ok: false, failure: { code: 'unknown', message: `There is no ${kind} of this name.` } }
  }
  const inner = schema.safeParse(frame.arguments)
  if (!inner.success) return malformed(frame.name, inner.error)
  // Name and arguments were checked against each other just now; the compiler cannot follow that through the table.
  return { ok: true, value: { ...frame, arguments: inner.data } as ClientFrame }
}

/** One line, about the first thing that is wrong; never repeats what was sent, which may be a key. */
function malformed(what: string, error: z.ZodError): Result<never> {
  const issue = error.issues[0]
  const place = [what, ...(issue?.path ?? [])].join('.')
  const problem = issue?.code === 'unrecognized_keys' ? 'has unknown fields' : (issue?.message ?? 'is malformed')
  return { ok: false, failure: { code: 'malformed', message: `${place}: ${problem}` } }
}
