// Edit replay: a real change's hunks made one after the other, and what an engine's proposals after each of them are worth.
import type { PlacedEdit } from '../../../main/core/patch.ts'
import type { TextChange } from '../../../main/core/ports.ts'
import { cutsBetween, type Cut } from './cuts.ts'

/** A real change of one file. */
export interface Case {
  readonly repo: string
  readonly commit: string
  readonly path: string
  /** `repeat`: at least three hunks share one token edit. `mixed`: several hunks, no two alike. */
  readonly kind: 'repeat' | 'mixed'
  readonly before: string
  readonly after: string
}

export const ORDERS = ['down', 'up', 'shuffled'] as const
export type Order = (typeof ORDERS)[number]

/** A moment of the replay: the engine is asked here. */
export interface Step {
  readonly of: Case
  readonly order: Order
  readonly request: TextChange & { readonly history: readonly TextChange[] }
  /** Lines of the text as it is now, split at `\n` only. */
  readonly lines: readonly string[]
  /** What the real change still makes of it. */
  readonly rest: readonly Cut[]
  /** Which of `rest` repeat an edit that was already made. */
  readonly repeated: readonly boolean[]
  /** How often the edit made most often was made. */
  readonly examples: number
}

export interface TokenSignature {
  readonly old: string
  readonly fresh: string
}

const MAX_STEPS = 6
/** The removed tokens of a repeated edit hold one. */
export const WORD = /[\p{L}\p{N}_]/u

/** The token edit of a hunk: what is left of both sides once common leading and trailing tokens are gone. */
export function signatureOf(old: readonly string[], fresh: readonly string[]): TokenSignature {
  const a = signs(old)
  const b = signs(fresh)
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  return {
    old: a
      .slice(head, a.length - tail)
      .join('')
      .trim(),
    fresh: b
      .slice(head, b.length - tail)
      .join('')
      .trim(),
  }
}

function signs(lines: readonly string[]): readonly string[] {
  return lines.join('\n').match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? []
}

/** What kind of case a change is; null: neither, or too small. */
export function kindOf(before: string, after: string): Case['kind'] | null {
  const lines = before.split('\n')
  const cuts = cutsBetween(lines, after.split('\n'))
  if (cuts.length < 3) return null
  const counts = new Map<string, number>()
  const worded = new Map<string, number>()
  for (const cut of cuts) {
    const { old, fresh } = signatureOf(lines.slice(cut.oldStart, cut.oldEnd), cut.fresh)
    const key = `${old}\0${fresh}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    if (WORD.test(old)) worded.set(key, (worded.get(key) ?? 0) + 1)
  }
  if (Math.max(0, ...worded.values()) >= 3) return 'repeat'
  return Math.max(...counts.values()) === 1 ? 'mixed' : null
}

/** One step after each of the first six hunks, in this order. `shuffle`: a permutation of 0 … count - 1. */
export function* stepsOf(of: Case, order: Order, shuffle = shuffled): Generator<Step> {
  const before = of.before.split('\n')
  const cuts = cutsBetween(before, of.after.split('\n'))
  const signatures = cuts.map((cut) => signatureOf(before.slice(cut.oldStart, cut.oldEnd), cut.fresh))
  const turn = cuts.map((_, index) => index)
  if (order === 'up') turn.reverse()
  if (order === 'shuffled') turn.splice(0, turn.length, ...shuffle(of, cuts.length))
  const history: TextChange[] = []
  let last = of.before
  for (let count = 1; count <= Math.min(cuts.length - 1, MAX_STEPS); count += 1) {
    const done = new Set(turn.slice(0, count))
    const { lines, rest, indices } = textAfter(before, cuts, done)
    const shown = [...done].flatMap((index) => {
      const signature = signatures[index]
      return signature !== undefined && WORD.test(signature.old) ? [signature] : []
    })
    const change = { path: of.path, before: last, after: lines.join('\n') }
    yield {
      of,
      order,
      request: { ...change, history: [...history] },
      lines,
      rest,
      repeated: indices.map((index) => shown.some((one) => isSame(one, signatures[index]))),
      examples: Math.max(0, ...shown.map((one) => shown.filter((other) => isSame(one, other)).length)),
    }
    history.push(change)
    last = change.after
  }
}

function isSame(a: TokenSignature, b: TokenSignature | undefined): boolean {
  return b !== undefined && a.old === b.old && a.fresh === b.fresh
}

function textAfter(
  before: readonly string[],
  cuts: readonly Cut[],
  done: ReadonlySet<number>,
): { readonly lines: readonly string[]; readonly rest: readonly Cut[]; readonly indices: readonly number[] } {
  const lines: string[] = []
  const rest: Cut[] = []
  const indices: number[] = []
  let at = 0
  for (const [index, cut] of cuts.entries()) {
    lines.push(...before.slice(at, cut.oldStart))
    if (done.has(index)) lines.push(...cut.fresh)
    else {
      const start = lines.length
      lines.push(...before.slice(cut.oldStart, cut.oldEnd))
      rest.push({ oldStart: start, oldEnd: lines.length, fresh: cut.fresh })
      indices.push(index)
    }
    at = cut.oldEnd
  }
  lines.push(...before.slice(at))
  return { lines, rest, indices }
}

/** The same for the same case, whenever and wherever it runs: a linear congruential generator seeded by the case's name. */
function shuffled({ commit, path }: Case, count: number): readonly number[] {
  let seed = 0
  for (const char of commit + path) seed = (Math.imul(seed, 31) + (char.codePointAt(0) ?? 0)) >>> 0
  const turn = Array.from({ length: count }, (_, index) => index)
  for (let at = count - 1; at > 0; at -= 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((seed / 2 ** 32) * (at + 1))
    const kept = turn[at] ?? 0
    turn[at] = turn[other] ?? 0
    turn[other] = kept
  }
  return turn
}

/** What the proposals of one step are worth. */
export interface Score {
  /** Minimal hunks that the real change makes too, and that it does not. */
  readonly good: number
  readonly wrong: number
  /** Wrong ones where the real change changes those lines otherwise; the other wrong ones it leaves alone. */
  readonly otherwise: number
  /** Repeated hunks that the proposals make as a whole, and all of them. */
  readonly found: number
  readonly repeated: number
}

export function scoreOf(step: Step, proposals: readonly PlacedEdit[]): Score {
  let good = 0
  let wrong = 0
  let otherwise = 0
  const pieces = new Map<number, Cut[]>()
  const seen = new Set<string>()
  for (const { path, start, end, lines } of proposals) {
    const first = start - 1
    if (path !== step.of.path || first < 0 || end < start || end - 1 > step.lines.length) {
      wrong += 1
      continue
    }
    const cuts = cutsBetween(step.lines.slice(first, end - 1), lines)
    if (cuts.length === 0) wrong += 1
    for (const cut of cuts) {
      const piece = { oldStart: first + cut.oldStart, oldEnd: first + cut.oldEnd, fresh: cut.fresh }
      const key = JSON.stringify(piece)
      if (seen.has(key)) continue
      seen.add(key)
      const real = realCutOf(piece, step.rest)
      if (real < 0) {
        wrong += 1
        otherwise += Number(step.rest.some((cut) => cut.oldStart < piece.oldEnd && piece.oldStart < cut.oldEnd))
      } else {
        good += 1
        pieces.set(real, [...(pieces.get(real) ?? []), piece])
      }
    }
  }
  let found = 0
  for (const [index, parts] of pieces) {
    const real = step.rest[index]
    if (real !== undefined && step.repeated[index] === true && makes(step.lines, real, parts)) found += 1
  }
  return { good, wrong, otherwise, found, repeated: step.repeated.filter(Boolean).length }
}

/** The index of the real hunk that makes the same lines where this piece does; -1 if none does. */
export function realCutOf(piece: Cut, rest: readonly Cut[]): number {
  return rest.findIndex((real) => {
    if (piece.oldStart < real.oldStart || piece.oldEnd > real.oldEnd) return false
    if (piece.oldStart === real.oldStart && piece.oldEnd === real.oldEnd) return isAt(real.fresh, 0, piece.fresh, true)
    const height = piece.oldEnd - piece.oldStart
    if (real.fresh.length === real.oldEnd - real.oldStart) {
      return piece.fresh.length === height && isAt(real.fresh, piece.oldStart - real.oldStart, piece.fresh, false)
    }
    return (
      piece.fresh.some((line) => WORD.test(line)) &&
      real.fresh.some((_, at) => isAt(real.fresh, at, piece.fresh, false))
    )
  })
}

function isAt(lines: readonly string[], at: number, part: readonly string[], whole: boolean): boolean {
  if (whole && lines.length !== part.length) return false
  return at + part.length <= lines.length && part.every((line, index) => lines[at + index] === line)
}

function makes(lines: readonly string[], real: Cut, parts: readonly Cut[]): boolean {
  const made: string[] = []
  let at = real.oldStart
  for (const part of [...parts].sort((a, b) => a.oldStart - b.oldStart || a.oldEnd - b.oldEnd)) {
    made.push(...lines.slice(at, part.oldStart), ...part.fresh)
    at = part.oldEnd
  }
  made.push(...lines.slice(at, real.oldEnd))
  return isAt(real.fresh, 0, made, true)
}
