// Lines that come are indented with the same signs as the file they come into.
import { observe } from './observe.ts'

/** A line in a text, as offsets: [start, end) without its terminator. */
export interface LineSpan {
  readonly start: number
  readonly end: number
}

/** Offsets in the text: what stands there becomes this. */
export interface Change {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** How many spaces a level may be, the likeliest first. */
const UNITS = [4, 2, 8]

/**
 * What makes the indentation of these lines, in the order of the text, the file's own: of tabs where it has tabs alone, of spaces
 * where it has spaces alone. Nothing where it has both, or where it is not plain how many spaces are meant to be a level. `before`
 * is the file as it was.
 */
export function indentationChanges(
  path: string,
  before: string,
  text: string,
  lines: readonly LineSpan[],
): readonly Change[] {
  const tabs = /^\t/m.test(before)
  const spaces = /^ {2,}\S/m.test(before)
  if (tabs === spaces) return []
  const spans = lines.flatMap(({ start, end }): readonly Indent[] => {
    const white = /^[ \t]*/.exec(text.slice(start, end))?.[0] ?? ''
    return start + white.length === end ? [] : [{ start, white }]
  })
  const odd = spans.filter(({ white }) => white.includes(tabs ? '  ' : '\t'))
  if (odd.length === 0) return []
  const unit = tabs ? unitMeant(text, spans) : unitOf(path, before)
  if (unit === null) return []
  return odd.map(({ start, white }) => {
    const fresh = tabs ? white.replaceAll(' '.repeat(unit), '\t') : white.replaceAll('\t', ' '.repeat(unit))
    return { start, end: start + white.length, text: fresh }
  })
}

interface Indent {
  readonly start: number
  readonly white: string
}

/** Spaces of a level in a file that is indented with spaces. */
function unitOf(path: string, text: string): number | null {
  const steps = observe(path, text).filter(({ subject }) => subject === 'indentation')
  const best = steps.toSorted((a, b) => b.count - a.count)[0]?.choice
  return best === undefined ? null : Number(/^\d/.exec(best)?.[0] ?? Number.NaN) || null
}

/** How many spaces stand for a tab in these lines: so many that the first of them stands where the line above it says. */
function unitMeant(text: string, lines: readonly Indent[]): number | null {
  const [first] = lines
  if (first === undefined) return null
  const over = text.slice(0, first.start).trimEnd()
  const above = over.slice(over.lastIndexOf('\n') + 1)
  const depth = /^\t*/.exec(above)?.[0].length ?? 0
  const expected = /[{([:]$|=>$/.test(above) ? depth + 1 : depth
  const widths = lines.map(({ white }) => white.replaceAll('\t', '').length)
  const fits = UNITS.filter((unit) => widths.every((width) => width % unit === 0))
  const level = (unit: number): number => levelOf(first.white, unit)
  if (first.white !== '') return fits.find((unit) => level(unit) === expected) ?? null
  const narrowest = Math.min(...widths.filter((width) => width > 0))
  return expected === 0 && fits.includes(narrowest) ? narrowest : null
}

function levelOf(white: string, unit: number): number {
  const tabs = white.split('\t').length - 1
  return tabs + (white.length - tabs) / unit
}
