// An edit without what nobody asked for in it: formatting and order are taken back, what it means is left.
import { diffLines } from '../diff.ts'
import { readingOf } from '../formatting.ts'
import { indentOf, isBlank } from '../indent.ts'
import { withoutReordering } from './order.ts'
import { alignment, BORDER, tokenLines, hasFreeSemicolon, withFormattingOf, type TokenLine } from './tokens.ts'

/** Lines of code before and after an edit, and the line that follows both in the file (null at its end). */
export interface Block {
  readonly path: string
  readonly old: readonly string[]
  readonly fresh: readonly string[]
  readonly next: string | null
}

/** What of an edit may stay. */
export interface Leave {
  readonly formatting: boolean
  readonly order: boolean
}

/** Two blocks are compared line by line in pairs up to so many. */
const MOST_PAIRS = 2_500

/** The lines that come, with their formatting and their order as they were wherever that alone has changed. */
export function plainLines(block: Block, leave: Leave): readonly string[] {
  const formatted = leave.formatting ? block.fresh : withoutFormatting(block)
  return leave.order ? formatted : withoutReordering({ ...block, fresh: formatted })
}

/** Whether the two say the same, formatting aside. */
export function sameMeaning(block: Block): boolean {
  const meaning = (lines: readonly string[]): string =>
    tokenLines(block.path, lines, block.next)
      .map((line) => line.meaning)
      .filter((text) => text !== '')
      .join(BORDER)
  return meaning(block.old) === meaning(block.fresh)
}

// ── Formatting ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface Run {
  readonly oldStart: number
  readonly oldEnd: number
  readonly newStart: number
  readonly newEnd: number
}

function withoutFormatting(block: Block): readonly string[] {
  const { path, old, fresh, next } = block
  const oldLines = tokenLines(path, old, next)
  const freshLines = tokenLines(path, fresh, next)
  const meanings = (lines: readonly TokenLine[]): readonly string[] => lines.map(({ meaning }) => meaning)
  const changes = diffLines(meanings(oldLines), meanings(freshLines))
  const indented = readingOf(path).indentation
  const kept: string[] = []
  let oldAt = 1
  let newAt = 1
  for (const [index, change] of [...changes, null].entries()) {
    const until = change?.oldStart ?? old.length + 1
    const equal: Run = { oldStart: oldAt, oldEnd: until, newStart: newAt, newEnd: newAt + until - oldAt }
    const above = changes[index - 1]
    const opened = above !== undefined && opens(block, above)
    kept.push(...equalLines(block, equal, opened, above !== undefined && change !== null))
    if (change === null) break
    kept.push(...changedLines(block, oldLines, freshLines, change, indented))
    oldAt = change.oldEnd
    newAt = change.newEnd
  }
  // Proved, not hoped: what is left says what the edit said.
  return sameMeaning({ path, old: kept, fresh, next }) ? kept : fresh
}

/**
 * Lines that mean the same: as they were. Only where they stand deeper or less deep because a block was put around them, or taken
 * away, the new indentation belongs to the edit: behind a line that opens it, or all of them between two changes.
 */
function equalLines({ old, fresh }: Block, run: Run, opened: boolean, between: boolean): readonly string[] {
  const lines = Array.from({ length: run.oldEnd - run.oldStart }, (_, offset) => {
    const before = old[run.oldStart - 1 + offset] ?? ''
    const after = fresh[run.newStart - 1 + offset] ?? ''
    const moves = isBlank(before) || (before.trim() === after.trim() && indentOf(before) !== indentOf(after))
    return { before, after, moves }
  })
  const until = opened ? lines.findIndex(({ moves }) => !moves) : 0
  const moving = between && lines.every(({ moves }) => moves) ? lines.length : until < 0 ? lines.length : until
  return lines.map(({ before, after }, index) => (index < moving ? after : before))
}

/** Whether the changed lines open a block, or did before: then what follows is indented anew. */
function opens({ old, fresh }: Block, change: Run): boolean {
  const last = (lines: readonly string[], start: number, end: number): string =>
    lines.slice(start - 1, end - 1).findLast((line) => line.trim() !== '') ?? ''
  const opener = /(?:[{([:>]|=>|\b(?:do|then|begin|else|try))\s*$/
  const was = opener.test(last(old, change.oldStart, change.oldEnd))
  const is = opener.test(last(fresh, change.newStart, change.newEnd))
  return was !== is
}

function changedLines(
  block: Block,
  oldLines: readonly TokenLine[],
  freshLines: readonly TokenLine[],
  change: Run,
  indented: boolean,
): readonly string[] {
  const before = block.old.slice(change.oldStart - 1, change.oldEnd - 1)
  const after = block.fresh.slice(change.newStart - 1, change.newEnd - 1)
  // Blank lines that come or go by themselves are layout.
  if (before.every(isBlank) && after.every(isBlank)) return before
  const olds = oldLines.slice(change.oldStart - 1, change.oldEnd - 1)
  const news = freshLines.slice(change.newStart - 1, change.newEnd - 1)
  const head = wrapped(olds, news, 1)
  const tail = wrapped(olds.slice(head.old), news.slice(head.fresh), -1)
  const top = before.slice(0, head.old)
  const bottom = before.slice(before.length - tail.old)
  const oldCore = olds.slice(head.old, olds.length - tail.old)
  const newCore = news.slice(head.fresh, news.length - tail.fresh)
  const textCore = after.slice(head.fresh, after.length - tail.fresh)
  const joined = unwrapped(oldCore, before.slice(head.old, before.length - tail.old), newCore)
  if (joined !== null) return [...top, ...joined, ...bottom]
  const pairs = pairsOf(oldCore, newCore)
  const below = block.fresh.slice(change.newEnd - 1 - tail.fresh).find((line) => !isBlank(line)) ?? block.next ?? ''
  // Where no line ended in a semicolon, and none has to, none need come.
  const bare =
    hasFreeSemicolon(block.path) &&
    block.old.some((line) => !isBlank(line)) &&
    !block.old.some((line) => /;\s*$/.test(line))
  const allPaired = bare || newCore.every((_, index) => pairs[index] !== undefined)
  const core = newCore.map((line, index) => {
    const partner = pairs[index]
    const text = textCore[index] ?? ''
    const former = partner === undefined ? undefined : oldCore[partner]
    if (former === undefined)
      return bare && !/^\s*[([`]/.test(textCore[index + 1] ?? below) ? text.replace(/\s*;\s*$/, '') : text
    const restored = withFormattingOf(former, line, false, allPaired)
    // Without its semicolon a line would run on into the next one.
    const hazard = /^\s*[([`]/.test(textCore[index + 1] ?? below) && /;\s*$/.test(text) && !/;\s*$/.test(restored)
    return hazard || (indented && indentOf(restored) !== indentOf(text)) ? text : restored
  })
  return [...top, ...core, ...bottom]
}

/** A line that was joined again may be so long: beyond, somebody would wrap it anyway. */
const MOST_COLUMNS = 140

/**
 * One line that came back over several, with something in it changed: the change alone, on one line as it was. null where a new line
 * begins outside of brackets, which would be another statement, or the line would be too long.
 */
function unwrapped(
  old: readonly TokenLine[],
  text: readonly string[],
  fresh: readonly TokenLine[],
): readonly string[] | null {
  const [line] = old
  if (line === undefined || old.length !== 1 || fresh.length < 3) return null
  const tokens = fresh.flatMap((one) => one.tokens)
  const partners = alignment(line.tokens, tokens)
  const shared = partners.filter((partner) => partner >= 0).length
  if (shared < line.tokens.length * 0.8 || tokens.some(({ kind }) => kind === 'comment')) return null
  let depth = 0
  for (const [index, { tokens: own }] of fresh.entries()) {
    if (index > 0 && depth <= 0 && !/^[)\]}>/]/.test(own[0]?.text ?? '')) return null
    for (const { text: sign, kind } of own) {
      if (kind !== 'sign') continue
      if (/^[([{<]$/.test(sign)) depth += 1
      else if (/^[)\]}>]$/.test(sign)) depth -= 1
    }
  }
  let made = ''
  let at = 0
  let first = true
  for (const one of fresh) {
    for (const [index, token] of one.tokens.entries()) {
      const partner = partners[at] ?? -1
      const same = partner >= 0 ? line.tokens[partner] : undefined
      // What begins a line within a tag or behind a comma stands behind a blank; the first thing in brackets does not.
      const opens = /[([{]$/.test(made)
      const gap = index > 0 ? token.gap : opens ? '' : ' '
      made += (same === undefined ? (first ? '' : gap) : same.gap) + (same?.text ?? token.text)
      first = false
      at += 1
    }
  }
  const indent = /^\s*/.exec(text[0] ?? '')?.[0] ?? ''
  const whole = indent + made.trimStart() + line.rest
  return whole.length <= MOST_COLUMNS ? [whole] : null
}

/** How many lines at the top (1) or the bottom (-1) say the same, wrapped in another way. */
function wrapped(old: readonly TokenLine[], fresh: readonly TokenLine[], side: 1 | -1): { old: number; fresh: number } {
  const at = (lines: readonly TokenLine[], index: number): string =>
    (side === 1 ? lines[index] : lines[lines.length - 1 - index])?.meaning ?? ''
  const join = (text: string, meaning: string): string => {
    if (meaning === '') return text
    if (text === '') return meaning
    return side === 1 ? `${text}${BORDER}${meaning}` : `${meaning}${BORDER}${text}`
  }
  const goesOn = (long: string, short: string): boolean => (side === 1 ? long.startsWith(short) : long.endsWith(short))
  let [oldCount, freshCount] = [0, 0]
  let [oldText, freshText] = ['', '']
  const found = { old: 0, fresh: 0 }
  while (oldCount < old.length || freshCount < fresh.length) {
    if (oldText.length <= freshText.length && oldCount < old.length) {
      oldText = join(oldText, at(old, oldCount))
      oldCount += 1
    } else if (freshCount < fresh.length) {
      freshText = join(freshText, at(fresh, freshCount))
      freshCount += 1
    } else break
    if (oldText === freshText) {
      if (oldCount > 0 && freshCount > 0) Object.assign(found, { old: oldCount, fresh: freshCount })
      ;[oldText, freshText] = ['', '']
    } else if (!goesOn(oldText, freshText) && !goesOn(freshText, oldText)) break
  }
  return found
}

/** For each new line the old one that it was made of, by what they share; in order, so that no pairs cross. */
function pairsOf(old: readonly TokenLine[], fresh: readonly TokenLine[]): readonly (number | undefined)[] {
  const pairs: (number | undefined)[] = fresh.map(() => undefined)
  if (old.length * fresh.length > MOST_PAIRS) return pairs
  // best[i][j]: the most that old lines from i on and new ones from j on have in common.
  const likeness = old.map((before) => fresh.map((after) => likenessOf(before, after)))
  const best = Array.from({ length: old.length + 1 }, () => new Float64Array(fresh.length + 1))
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      const row = best[i]
      if (row === undefined) continue
      const paired = (likeness[i]?.[j] ?? 0) + (best[i + 1]?.[j + 1] ?? 0)
      row[j] = Math.max(best[i + 1]?.[j] ?? 0, row[j + 1] ?? 0, paired)
    }
  }
  let [i, j] = [0, 0]
  while (i < old.length && j < fresh.length) {
    const like = likeness[i]?.[j] ?? 0
    if (like > 0 && (best[i]?.[j] ?? 0) === like + (best[i + 1]?.[j + 1] ?? 0)) {
      pairs[j] = i
      i += 1
      j += 1
    } else if ((best[i]?.[j] ?? 0) === (best[i + 1]?.[j] ?? 0)) i += 1
    else j += 1
  }
  return pairs
}

/** From 0 to 1; 0 when less than half of the tokens are shared. */
export function likenessOf(a: TokenLine, b: TokenLine): number {
  if (a.tokens.length === 0 || b.tokens.length === 0) return 0
  const counts = new Map<string, number>()
  for (const { meaning } of a.tokens) counts.set(meaning, (counts.get(meaning) ?? 0) + 1)
  let shared = 0
  for (const { meaning } of b.tokens) {
    const count = counts.get(meaning) ?? 0
    if (count === 0) continue
    shared += 1
    counts.set(meaning, count - 1)
  }
  const ratio = (2 * shared) / (a.tokens.length + b.tokens.length)
  return ratio >= 0.5 ? ratio : 0
}
