// Token edits with holes: what one edit says about places that differ from it in their operands.
import { isSpecific, isWord, tokensOf, type TokenEdit } from './tokens.ts'

/** A constant text, or the number of the hole that stands here. */
export type Part = string | number

export interface Template {
  /** Begins with a constant; never two holes side by side. */
  readonly old: readonly Part[]
  readonly new: readonly Part[]
  /** What the holes were in the edit from which it was learnt. */
  readonly holes: readonly string[]
}

/** Where a template fits in a line: 0-based columns, end exclusive. */
export interface Match {
  readonly from: number
  readonly to: number
  readonly fresh: string
  /** What stands in the holes, by number. */
  readonly holes: readonly string[]
}

interface Token {
  readonly text: string
  readonly start: number
}

const MAX_TOKENS = 80
const MAX_HOLES = 6
const MAX_HOLE_TOKENS = 40
const OPENERS = '([{'
const CLOSERS = ')]}'
const QUOTES = '"\'`'
const SEPARATORS = ',;'

/**
 * The edit `old` → `new` with the operands that it moved or kept as holes, or null when there is none, or when what is left
 * has no word to be recognised by. An operand is the longest run of tokens that both sides share, balanced, without a comma
 * of its own, and not what is called or the name of a member: `assert.equal(a, b` → `expect(a).toBe(b` gives
 * `assert.equal(⟨0⟩, ⟨1⟩` → `expect(⟨0⟩).toBe(⟨1⟩`. This is the least general generalisation of the edit and the same edit
 * with other operands; a second example is recognised by giving the same template. O(tokens³) with at most 80 tokens a side.
 * What follows in the line belongs to the edit up to the end of the operand that it stands in. `again`: an operand that stands
 * in several places is one hole, so that it has to be the same in all of them elsewhere too.
 */
export function templateOf(
  { old, new: fresh, right }: Pick<TokenEdit, 'old' | 'new' | 'right'>,
  again: boolean,
): Template | null {
  const tail = tailOf(old, right)
  const from = tokensOf(old + tail)
  const to = tokensOf(fresh + tail)
  if (from.length > MAX_TOKENS || to.length > MAX_TOKENS) return null
  const holesIn = { old: new Map<number, [number, number]>(), new: new Map<number, [number, number]>() }
  const takenOld = from.map(() => false)
  const takenNew = to.map(() => false)
  const holes: string[] = []
  while (holes.length < MAX_HOLES) {
    const run = longestOperand(from, to, takenOld, takenNew)
    if (run === null) break
    const operand = from.slice(run.old, run.old + run.size)
    for (const at of again ? placesIn(from, operand, takenOld) : [run.old]) {
      takenOld.fill(true, at, at + run.size)
      holesIn.old.set(at, [holes.length, run.size])
    }
    for (const at of again ? placesIn(to, operand, takenNew) : [run.new]) {
      takenNew.fill(true, at, at + run.size)
      holesIn.new.set(at, [holes.length, run.size])
    }
    holes.push(operand.join(''))
  }
  if (holes.length === 0) return null
  const template = { old: partsOf(from, holesIn.old), new: partsOf(to, holesIn.new), holes }
  const [first] = template.old
  const isRecognisable = template.old.some((part) => typeof part === 'string' && tokensOf(part).some(isSpecific))
  const isDense = template.old.some(
    (part, index) => typeof part === 'number' && typeof template.old[index + 1] === 'number',
  )
  return typeof first !== 'string' || !isRecognisable || isDense ? null : numbered(template)
}

/** Where the operand stands as one, apart from each other and from what is taken. */
function placesIn(tokens: readonly string[], operand: readonly string[], taken: readonly boolean[]): readonly number[] {
  const found: number[] = []
  for (let at = 0; at + operand.length <= tokens.length; at += 1) {
    const isHere = operand.every((token, index) => tokens[at + index] === token && taken[at + index] !== true)
    if (!isHere || !isOperand(tokens, at, operand.length)) continue
    found.push(at)
    at += operand.length - 1
  }
  return found
}

/**
 * Up to and with the bracket that closes the last one that the old tokens opened and left open; where they left none open, up to
 * and with the first separator or closing bracket that is not its own; or everything.
 */
function tailOf(old: string, right: string): string {
  const tokens = tokensOf(right).slice(0, MAX_TOKENS)
  const open = unclosed(tokensOf(old))
  if (open > 0) {
    const end = tokens.findIndex((_, index) => open + unclosed(tokens.slice(0, index + 1)) === 0)
    return tokens.slice(0, end < 0 ? undefined : end + 1).join('')
  }
  const end = tokens.findIndex((_, index) => {
    const head = tokens.slice(0, index)
    return (
      isWhole(head) &&
      !isWhole([...head, tokens[index] ?? '']) &&
      !OPENERS.includes(tokens[index] ?? '') &&
      !QUOTES.includes(tokens[index] ?? '')
    )
  })
  return tokens.slice(0, end < 0 ? undefined : end + 1).join('')
}

/** Brackets that open less those that close, outside strings. */
function unclosed(tokens: readonly string[]): number {
  let count = 0
  let quote: string | null = null
  for (const token of tokens) {
    if (quote !== null) {
      if (token === quote) quote = null
    } else if (QUOTES.includes(token)) quote = token
    else if (OPENERS.includes(token)) count += 1
    else if (CLOSERS.includes(token)) count -= 1
  }
  return count
}

/** Holes are numbered by their order on the old side, so that equal templates look equal. */
function numbered({ old, new: fresh, holes }: Template): Template {
  const order = [...new Set(old.filter((part) => typeof part === 'number'))]
  const renumber = (part: Part): Part => (typeof part === 'number' ? order.indexOf(part) : part)
  return { old: old.map(renumber), new: fresh.map(renumber), holes: order.map((hole) => holes[hole] ?? '') }
}

function partsOf(tokens: readonly string[], holes: ReadonlyMap<number, readonly [number, number]>): readonly Part[] {
  const parts: Part[] = []
  let constant = ''
  for (let at = 0; at < tokens.length; at += 1) {
    const hole = holes.get(at)
    if (hole === undefined) {
      constant += tokens[at] ?? ''
      continue
    }
    if (constant !== '') parts.push(constant)
    constant = ''
    parts.push(hole[0])
    at += hole[1] - 1
  }
  if (constant !== '') parts.push(constant)
  return parts
}

function longestOperand(
  from: readonly string[],
  to: readonly string[],
  takenOld: readonly boolean[],
  takenNew: readonly boolean[],
): { readonly old: number; readonly new: number; readonly size: number } | null {
  let best: { old: number; new: number; size: number } | null = null
  for (let old = 0; old < from.length; old += 1) {
    for (let fresh = 0; fresh < to.length; fresh += 1) {
      let size = 0
      while (
        old + size < from.length &&
        from[old + size] === to[fresh + size] &&
        takenOld[old + size] !== true &&
        takenNew[fresh + size] !== true
      ) {
        size += 1
        if (size > (best?.size ?? 0) && isOperand(from, old, size) && isOperand(to, fresh, size)) {
          best = { old, new: fresh, size }
        }
      }
    }
  }
  return best
}

function isOperand(tokens: readonly string[], start: number, size: number): boolean {
  const run = tokens.slice(start, start + size)
  const next = tokens.slice(start + size).find((token) => token.trim() !== '')
  const previous = tokens.slice(0, start).findLast((token) => token.trim() !== '')
  return (
    run[0]?.trim() !== '' &&
    run.at(-1)?.trim() !== '' &&
    run.some(isWord) &&
    isWhole(run) &&
    previous !== '.' &&
    !(next !== undefined && '.(['.includes(next)) &&
    !isWord(previous) &&
    !isWord(next)
  )
}

/** Balanced, within one line, and without a comma or semicolon of its own. */
function isWhole(tokens: readonly string[]): boolean {
  const open: string[] = []
  let quote: string | null = null
  for (const token of tokens) {
    if (quote !== null) {
      if (token === quote) quote = null
    } else if (QUOTES.includes(token)) quote = token
    else if (token.includes('\n')) return false
    else if (OPENERS.includes(token)) open.push(token)
    else if (CLOSERS.includes(token) && open.pop() !== OPENERS[CLOSERS.indexOf(token)]) return false
    else if (open.length === 0 && SEPARATORS.includes(token)) return false
  }
  return open.length === 0 && quote === null
}

/** The constant to search for: the one with the longest word. */
export function needleOf(template: Template): string {
  const longest = (part: Part): number =>
    typeof part === 'string'
      ? Math.max(
          0,
          ...tokensOf(part)
            .filter(isWord)
            .map((word) => word.length),
        )
      : 0
  const [best] = template.old.toSorted((a, b) => longest(b) - longest(a))
  return typeof best === 'string' ? best : ''
}

/** Where the template fits in a line, from left to right. White space may differ; each hole is as short as can be. */
export function matchesIn(template: Template, line: string): readonly Match[] {
  const tokens = solidTokens(line)
  const parts = template.old.map((part) =>
    typeof part === 'string' ? solidTokens(part).map(({ text }) => text) : part,
  )
  const matches: Match[] = []
  for (let start = 0; start < tokens.length; start += 1) {
    const from = tokens[start]?.start ?? 0
    const found = from < (matches.at(-1)?.to ?? 0) ? null : matchFrom(parts, tokens, start, line)
    if (found === null) continue
    const fresh = template.new.map((part) => (typeof part === 'string' ? part : (found.holes[part] ?? ''))).join('')
    matches.push({ from, to: found.to, fresh, holes: found.holes })
  }
  return matches
}

function matchFrom(
  parts: readonly (readonly string[] | number)[],
  tokens: readonly Token[],
  start: number,
  line: string,
): { readonly to: number; readonly holes: readonly string[] } | null {
  const holes: string[] = []
  let at = start
  for (const [index, part] of parts.entries()) {
    if (typeof part !== 'number') {
      if (!standsAt(tokens, at, part)) return null
      at += part.length
      continue
    }
    const end = holeEnd(tokens, at, parts[index + 1])
    if (end === null) return null
    const last = tokens[end - 1]
    const text = line.slice(tokens[at]?.start ?? 0, (last?.start ?? 0) + (last?.text.length ?? 0))
    if ((holes[part] ?? text) !== text) return null
    holes[part] = text
    at = end
  }
  const last = tokens[at - 1]
  return { to: (last?.start ?? 0) + (last?.text.length ?? 0), holes }
}

/** Where a hole that begins at `start` ends: before the next constant, outside brackets and strings. */
function holeEnd(tokens: readonly Token[], start: number, next: readonly string[] | number | undefined): number | null {
  let depth = 0
  let quote: string | null = null
  for (let at = start; at < tokens.length && at - start <= MAX_HOLE_TOKENS; at += 1) {
    const text = tokens[at]?.text ?? ''
    if (depth === 0 && quote === null && at > start && Array.isArray(next) && standsAt(tokens, at, next)) return at
    if (quote !== null) {
      if (text === quote) quote = null
    } else if (QUOTES.includes(text)) quote = text
    else if (OPENERS.includes(text)) depth += 1
    else if (CLOSERS.includes(text)) depth -= 1
    else if (depth === 0 && SEPARATORS.includes(text)) return null
    if (depth < 0) return null
  }
  return null
}

function standsAt(tokens: readonly Token[], at: number, constant: readonly string[]): boolean {
  return constant.every((text, index) => tokens[at + index]?.text === text)
}

function solidTokens(line: string): readonly Token[] {
  const tokens: Token[] = []
  let start = 0
  for (const text of tokensOf(line)) {
    if (text.trim() !== '') tokens.push({ text, start })
    start += text.length
  }
  return tokens
}
