// How long texts cross between threads without holding up the streaming thread: to a worker in pieces, from it as bytes that move.
import { setImmediate } from 'node:timers'

/**
 * Longer texts are taken out of a message, in whose place a bigint stands (nothing here uses bigints otherwise); UTF-16 units.
 * A structured clone copies a text at about 1 GB/s on either side, so that one of 6 MB alone takes 4 to 6 ms; pieces of this size
 * take 0.25 ms each, and moved bytes of 6 MB become a text in 0.5 to 2 ms (measured).
 */
const LONG = 256 * 1024
/**
 * Where texts are kept, shorter ones are named as well: a save of a file comes with several questions, and each of them with the
 * texts of the edits before it, which together are megabytes.
 */
const WORTH_KEEPING = 16 * 1024
/** Of all sizes; more are of files that nobody is at work on. */
const MOST_KEPT = 24
/** So much crosses in one turn of the event loop, in half a millisecond: most files whole, so that nothing comes between. */
const A_TURN = 2 * LONG

/** A message as it crosses to a worker, or what must be there before one. */
export type Parcel<Message> =
  Message | { readonly piece: string; readonly of: bigint; readonly last: boolean } | { readonly forget: bigint }

/** Texts of a message from a worker, as the bytes of their UTF-16 or, when all of it is ASCII, one byte a character. */
interface Moved {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly wide: boolean
}

interface Kept {
  readonly text: string
  readonly name: bigint
}

export interface Outbox {
  /** Messages go in order; `refused` is told when this one cannot be cloned. */
  send(message: object, refused: (error: unknown) => void): void
}

/**
 * `kept`: UTF-16 units of texts that the other end keeps (the last 24 of 16,000 units or more), so that the next message with one
 * of them only names it. They stay in memory here as well, where the last texts of the files in hand are held anyhow.
 */
export function createOutbox(post: (message: unknown) => void, kept: number): Outbox {
  /** Few, the one that was named last at the end. Not a map: it would hash each text, which takes as long as copying it. */
  let there: readonly Kept[] = []
  let units = 0
  let lastName = 0n
  const long = kept === 0 ? LONG : WORTH_KEEPING
  const waiting: (readonly [message: object, refused: (error: unknown) => void])[] = []
  let busy = false
  let sinceTurn = 0

  /** At once, where nothing has to cross in pieces; null for a text that has to. */
  function nameOf(text: string): bigint | null {
    const known = there.findLast((kept) => kept.text === text)
    if (known !== undefined) {
      there = [...there.filter((kept) => kept !== known), known]
      return known.name
    }
    if (text.length > LONG || sinceTurn + text.length > A_TURN) return null
    const of = newName()
    post({ piece: text, of, last: true })
    sinceTurn += text.length
    return keep(text, of)
  }

  async function crossed(text: string): Promise<bigint> {
    const of = newName()
    for (let at = 0; at < text.length; at += LONG) {
      const piece = text.slice(at, at + LONG)
      post({ piece, of, last: at + LONG >= text.length })
      sinceTurn += piece.length
      if (sinceTurn < A_TURN) continue
      await new Promise<void>((resolve) => setImmediate(resolve))
      sinceTurn = 0
    }
    return keep(text, of)
  }

  function newName(): bigint {
    lastName += 1n
    return lastName
  }

  function keep(text: string, name: bigint): bigint {
    there = [...there, { text, name }]
    units += text.length
    return name
  }

  function forget(): void {
    for (const { text, name } of there) {
      if (units <= kept && there.length <= MOST_KEPT) return
      there = there.slice(1)
      units -= text.length
      post({ forget: name })
    }
  }

  async function drain(): Promise<void> {
    busy = true
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [message, refused] = next
      const texts: string[] = []
      const light = lighten(message, long, (text) => BigInt(texts.push(text) - 1))
      const names: bigint[] = []
      for (const text of texts) names.push(nameOf(text) ?? (await crossed(text)))
      fill(light, (index) => names[Number(index)])
      attempt(light, refused)
      forget()
    }
    busy = false
  }

  function attempt(message: unknown, refused: (error: unknown) => void): void {
    try {
      post(message)
    } catch (error) {
      refused(error)
    }
  }

  return {
    send(message, refused) {
      if (!busy && !isHeavy(message, long)) {
        attempt(message, refused)
        return
      }
      waiting.push([message, refused])
      if (!busy) void drain()
    },
  }
}

/** The worker's end: answers each message once its texts are there, and null for what only prepares one. */
export function createInbox<Message extends object>(): (parcel: Parcel<Message>) => Message | null {
  const arriving = new Map<bigint, string[]>()
  const texts = new Map<bigint, string>()
  return (parcel) => {
    if ('piece' in parcel) {
      const pieces = arriving.get(parcel.of) ?? []
      pieces.push(parcel.piece)
      arriving.set(parcel.of, pieces)
      if (!parcel.last) return null
      arriving.delete(parcel.of)
      texts.set(parcel.of, pieces.join(''))
      return null
    }
    if ('forget' in parcel) {
      texts.delete(parcel.forget)
      return null
    }
    if (texts.size > 0) fill(parcel, (name) => texts.get(name))
    return parcel
  }
}

/** A worker's answer, and what of it moves instead of being copied. */
export function packed(value: unknown): {
  readonly value: unknown
  readonly texts: readonly Moved[]
  readonly moves: readonly ArrayBuffer[]
} {
  const texts: Moved[] = []
  const light = isHeavy(value, LONG) ? lighten(value, LONG, (text) => BigInt(texts.push(bytesOf(text)) - 1)) : value
  return { value: light, texts, moves: texts.map(({ bytes }) => bytes.buffer) }
}

/** Puts the texts of a worker's answer back into it. */
export function unpacked<Value>({ value, texts }: { readonly value: Value; readonly texts: readonly Moved[] }): Value {
  if (texts.length === 0) return value
  // In a box, for an answer that is itself a long text.
  const box = { value }
  const made = texts.map(textOf)
  fill(box, (index) => made[Number(index)])
  return box.value
}

function bytesOf(text: string): Moved {
  const wide = Buffer.byteLength(text) !== text.length
  const bytes = new Uint8Array(text.length * (wide ? 2 : 1))
  Buffer.from(bytes.buffer).write(text, wide ? 'utf16le' : 'latin1')
  return { bytes, wide }
}

function textOf({ bytes, wide }: Moved): string {
  return Buffer.from(bytes.buffer).toString(wide ? 'utf16le' : 'latin1')
}

/** Whether there is a text in it of more than `long` units. */
function isHeavy(value: unknown, long: number): boolean {
  if (typeof value === 'string') return value.length > long
  return isPlain(value) && Object.values(value).some((item) => isHeavy(item, long))
}

/** A copy in which long texts are what `name` makes of them; parts without any are the very same. */
function lighten(value: unknown, long: number, name: (text: string) => bigint): unknown {
  if (typeof value === 'string') return value.length > long ? name(value) : value
  if (!isHeavy(value, long) || !isPlain(value)) return value
  if (Array.isArray(value)) return value.map((item: unknown) => lighten(item, long, name))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, lighten(item, long, name)]))
}

/** In place: each bigint becomes what `found` says. */
function fill(value: unknown, found: (name: bigint) => string | bigint | undefined): void {
  if (!isPlain(value)) return
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'bigint') Reflect.set(value, key, found(item))
    else fill(item, found)
  }
}

/** What `structuredClone` copies part by part. */
function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)
}
