// What is measured in a page, whoever's page it is: first token, last token, and the key that stops.
import { setTimeout as delay } from 'node:timers/promises'
import type { Arrival, BenchServer, Over } from './model-server.ts'
import { marker, replyThatEndsWith } from './project.ts'
import type { BenchWindow } from './window.ts'

/** A page in which streams are shown, and how one is set going. */
export interface Stand {
  readonly server: BenchServer
  readonly window: BenchWindow
  /** Where the text of a stream stands. */
  readonly selector: string
  ask(): Promise<Arrival>
  /** Resolves when the exchange is over; when others run too, perhaps with that of another one that the key stopped. */
  over(id: number): Promise<Over>
}

/** Of these only the scripted request is answered so. */
export interface Asked {
  readonly when?: string
}

/** Random, so that samples fall on no one place within a frame or after the request; a fast model thinks for about so long. */
const FIRST = { least: 60, random: 200, rate: 200 } as const
const FIRST_REST = ' is a word, and some more of them follow until this short reply is over and says no more.'
const LAST = { least: 60, random: 50 } as const
/** Tokens per second, and enough of them that the stream is far from its end when it is stopped. */
const STOP = { rate: 500, rest: ' and so on'.repeat(4000), least: 300, random: 100 } as const

let count = 0

/** Never twice the same in one run of the bench. */
function nextMarker(): string {
  count += 1
  return marker(count)
}

/** ms from the first token's byte at the server to its paint. */
export async function firstTokenLag({ server, window, selector, ask }: Stand, asked: Asked = {}): Promise<number> {
  const first = nextMarker()
  const ttft = FIRST.least + Math.random() * FIRST.random
  await server.answer({ ...asked, reply: first + FIRST_REST, ttft, rate: FIRST.rate, times: 1 })
  const painted = await window.painted(selector, first)
  const { id } = await ask()
  const paintedAt = await painted.happened
  await server.over(id)
  const { firstTokenAt } = await server.times(id)
  if (firstTokenAt === null) throw new Error('no token was sent')
  return paintedAt - firstTokenAt
}

export interface LastToken {
  /** ms from the last token's byte at the server to its paint. */
  readonly lag: number
  /** ms from the first token's byte to the last one's, and to the last one's paint. */
  readonly sent: number
  readonly shown: number
}

/**
 * `rate` in tokens per second; 0: unbounded. The stream stays open after its last token: one that ends is folded away before
 * it is painted.
 */
export async function lastToken(stand: Stand, rate: number, tokens: number, asked: Asked = {}): Promise<LastToken> {
  const { server, window, selector, ask } = stand
  const last = nextMarker()
  const ttft = LAST.least + Math.random() * LAST.random
  const reply = replyThatEndsWith(last, tokens)
  await server.answer({ ...asked, reply, ttft, rate, fault: { type: 'stall', after: tokens }, times: 1 })
  const painted = await window.painted(selector, last)
  const { id } = await ask()
  const paintedAt = await painted.happened
  const { firstTokenAt, lastTokenAt } = await server.times(id)
  if (firstTokenAt === null || lastTokenAt === null) throw new Error('no token was sent')
  return { lag: paintedAt - lastTokenAt, sent: lastTokenAt - firstTokenAt, shown: paintedAt - firstTokenAt }
}

export interface KeyDown {
  /** ms from the key going down to the server seeing the close. */
  readonly took: number
  /** The last change of the stream's text after the key's frame, in ms from the key; null when there was none. */
  readonly after: number | null
}

/** `rate` in tokens per second; `meanwhile` runs between asking for the key and pressing it. */
export async function keyDown(
  stand: Stand,
  asked: Asked = {},
  meanwhile = async (): Promise<void> => {},
  rate: number = STOP.rate,
): Promise<KeyDown> {
  const { server, window, selector, ask } = stand
  const first = nextMarker()
  await server.answer({ ...asked, reply: first + STOP.rest, ttft: STOP.least, rate, times: 1 })
  const painted = await window.painted(selector, first)
  const { id } = await ask()
  await painted.happened
  await delay(STOP.least + Math.random() * STOP.random)
  const escape = await window.escape(selector)
  await meanwhile()
  const [over] = await Promise.all([stand.over(id), window.page.keyboard.press('Escape')])
  if (over.how !== 'client-closed') throw new Error(`the exchange ended otherwise: ${over.how}`)
  const { at, changedAt } = await escape.happened
  return { took: over.at - at, after: changedAt === null ? null : changedAt - at }
}
