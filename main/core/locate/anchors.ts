// Where the texts of `@@` lines stand in a file, and what they say about a place.
import { indentOf, isBlank } from '../indent.ts'
import { plainPunctuation } from './comparison.ts'

export interface AnchorView {
  /**
   * `unknown`: none of the texts stands in the file. `before`: they stand in order at or above the place. `elsewhere`: they
   * stand in the file, but not so.
   */
  readonly agreement: 'unknown' | 'before' | 'elsewhere'
  /** 1-based line of the innermost anchor that is nearest above the place; null unless `before`. */
  readonly line: number | null
  /** Each anchor that stands in the file stands in the block of the one outside of it, as far as indentation shows it. */
  readonly nested: boolean
}

export interface AnchorIndex {
  /** 1-based lines that hold this text, ascending. */
  lines(anchor: string): readonly number[]
  /** Looks upwards for `anchors` (outermost first) from the line before `limit`. */
  view(anchors: readonly string[], limit: number): AnchorView
  /** Whether the place lies in the block that this line opens, as indentation shows it. */
  inBlock(line: number, place: number): boolean
}

export function createAnchorIndex(lines: readonly string[]): AnchorIndex {
  const cache = new Map<string, readonly number[]>()
  const blockEnds = new Map<number, number>()
  let whole: Joined | null = null
  let plain: Joined | null = null

  const search = (anchor: string): readonly number[] => {
    whole ??= join(lines)
    const literal = best(whole, anchor)
    if (literal.length > 0) return literal
    plain ??= join(lines.map(spaced))
    return best(plain, spaced(anchor))
  }

  const index: AnchorIndex = {
    lines(anchor) {
      const text = anchor.trim()
      let found = cache.get(text)
      if (found === undefined) {
        found = text === '' ? [] : search(text)
        cache.set(text, found)
      }
      return found
    },
    view(anchors, limit) {
      let known = false
      let above = limit
      let innermost: number | null = null
      let nested = true
      for (let at = anchors.length - 1; at >= 0; at -= 1) {
        const found = index.lines(anchors[at] ?? '')
        if (found.length === 0) continue
        known = true
        const line = lastBelow(found, above)
        if (line === null) return { agreement: 'elsewhere', line: null, nested: false }
        if (innermost !== null && !index.inBlock(line, above)) nested = false
        innermost ??= line
        above = line
      }
      if (!known) return { agreement: 'unknown', line: null, nested: false }
      return { agreement: 'before', line: innermost, nested }
    },
    inBlock(line, place) {
      let end = blockEnds.get(line)
      if (end === undefined) {
        end = blockEnd(lines, line)
        blockEnds.set(line, end)
      }
      return place <= end
    },
  }
  return index
}

/** The first line below the block that `line` opens, 1-based; a place that begins there still follows the block directly. */
function blockEnd(lines: readonly string[], line: number): number {
  const depth = indentOf(lines[line - 1] ?? '')
  for (let at = line; at < lines.length; at += 1) {
    const text = lines[at] ?? ''
    if (isBlank(text)) continue
    const indent = indentOf(text)
    if (indent < depth || (indent === depth && !continuesBlock(text))) return at + 1
  }
  return lines.length + 1
}

/** A line at the depth of the block's head that still belongs to it: brackets and the branches of one statement. */
function continuesBlock(line: string): boolean {
  return /^\s*(?:[)}\]{]|(?:else|elif|elsif|catch|except|finally|rescue|ensure|end|then|do)\b)/.test(line)
}

/** Lines as one text, with the offset of each. */
interface Joined {
  readonly text: string
  readonly offsets: Uint32Array
}

function join(lines: readonly string[]): Joined {
  const offsets = new Uint32Array(lines.length)
  let at = 0
  for (const [index, line] of lines.entries()) {
    offsets[index] = at
    at += line.length + 1
  }
  return { text: lines.join('\n'), offsets }
}

/** Shorter texts are not taken for the beginning of a line that was cut off. */
const SHORTEST_BEGINNING = 20

/** Whole lines before lines that hold the text as words, and these before lines of which it is the beginning. */
function best(file: Joined, anchor: string): readonly number[] {
  const whole = new Set<number>()
  const words = new Set<number>()
  const beginnings = new Set<number>()
  for (let at = file.text.indexOf(anchor); at >= 0; at = file.text.indexOf(anchor, at + anchor.length)) {
    const line = lineAt(file.offsets, at)
    const head = file.text.slice(file.offsets[line], at)
    const newline = file.text.indexOf('\n', at)
    const tail = file.text.slice(at + anchor.length, newline < 0 ? undefined : newline)
    if (head.trim() === '' && tail.trim() === '') whole.add(line + 1)
    else if (standsAlone(file.text, at, at + anchor.length)) words.add(line + 1)
    else if (head.trim() === '' && anchor.length >= SHORTEST_BEGINNING) beginnings.add(line + 1)
  }
  return [...(whole.size > 0 ? whole : words.size > 0 ? words : beginnings)]
}

/** The text between is not the part of a longer word. */
function standsAlone(text: string, from: number, to: number): boolean {
  const word = /[\p{L}\p{N}_]/u
  const startsInside = word.test(text.charAt(from)) && word.test(text.charAt(from - 1))
  const endsInside = word.test(text.charAt(to - 1)) && word.test(text.charAt(to))
  return !startsInside && !endsInside
}

function spaced(line: string): string {
  return plainPunctuation(line).trim().replace(/\s+/g, ' ')
}

/** Index of the line that holds this character. */
function lineAt(offsets: Uint32Array, at: number): number {
  let low = 0
  let high = offsets.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((offsets[middle] ?? 0) <= at) low = middle
    else high = middle - 1
  }
  return low
}

/** The greatest of ascending numbers that is below the limit; null when there is none. */
function lastBelow(ascending: readonly number[], limit: number): number | null {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] ?? 0) < limit) low = middle + 1
    else high = middle
  }
  return low === 0 ? null : (ascending[low - 1] ?? null)
}
