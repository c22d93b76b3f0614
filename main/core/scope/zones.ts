// Where the person is at work: the lines that a suggestion may change without any other reason.
import { indentOf, isBlank } from '../indent.ts'
import { regionAround, regionsOf } from '../region.ts'
import { linesOf } from '../text.ts'
import { definitionOf, isComment, isData } from './language.ts'
import { enclosingNames, isContainer } from './names.ts'
import type { ScopeInput } from './scope.ts'
import { speaksOf, type Wish } from './wish.ts'

/** Texts beyond this are generated, or take too long: their hunks are judged by their place alone. */
export const MOST_UNITS = 2_000_000

export interface Zone {
  readonly start: number
  readonly end: number
}

/** Where the person is at work: the definitions around the changed lines, or around what was asked about. */
export function zonesOf(
  { path, region, change, words, texts }: ScopeInput,
  wish: Wish,
): { zones: readonly Zone[]; named: boolean } {
  const text = texts[path]
  if (text === undefined || text.length > MOST_UNITS) return { zones: [region], named: false }
  const lines = linesOf(text)
  if (words.length === 0) {
    const regions = change !== null && change.path === path && change.after === text ? regionsOf(change).regions : []
    const zones = regions.map(({ changedStart, changedEnd }) => workplace(path, lines, changedStart, changedEnd))
    return { zones: zones.length > 0 ? zones : [region], named: false }
  }
  const around = regionAround(text, region.start)
  const zones: Zone[] = [region, around]
  // A marker or a place often is the line above what is meant.
  let below = region.start
  while (below <= lines.length && (isBlank(lines[below - 1]) || isComment(path, lines[below - 1] ?? ''))) below += 1
  if (below <= lines.length && below - region.start < 8) zones.push(workplace(path, lines, below, below + 1))
  // Words that name one of several definitions here mean that one.
  const named: Zone[] = []
  for (let at = Math.min(region.start, around.start); at < Math.max(region.end, around.end); at += 1) {
    const name = definitionOf(lines[at - 1] ?? '')
    if (name !== null && speaksOf(wish, name) && !isContainer(lines[at - 1] ?? '')) named.push(blockFrom(lines, at))
  }
  return { zones: named.length > 0 ? named : zones, named: named.length > 0 }
}

const BESIDE = 2
const PARAGRAPH = 20

/** The function, or the type, in which these lines stand or that begins with them; else the lines right beside them. */
function workplace(path: string, lines: readonly string[], start: number, end: number): Zone {
  const heads = [...enclosingNames(lines, start)].filter(({ line }) => !isContainer(lines[line - 1] ?? ''))
  const [first] = heads
  let zone: Zone = { start, end }
  if (first !== undefined) zone = joined(zone, blockFrom(lines, first.line))
  for (let at = start; at < Math.min(end, start + 200); at += 1) {
    const text = lines[at - 1] ?? ''
    if (definitionOf(text) !== null && !isContainer(text)) zone = joined(zone, blockFrom(lines, at))
  }
  if (zone.start < start || zone.end > end) return withHeading(path, lines, zone)
  const most = isData(path) ? BESIDE : PARAGRAPH
  const depth = Math.min(...lines.slice(start - 1, Math.max(start, end - 1)).map(indentOf))
  const belongs = (line: number): boolean => {
    const text = lines[line - 1]
    return (
      !isBlank(text) && text !== undefined && (indentOf(text) >= depth || isData(path)) && definitionOf(text) === null
    )
  }
  while (start - zone.start < most && belongs(zone.start - 1)) zone = { ...zone, start: zone.start - 1 }
  while (zone.end - end < most && belongs(zone.end)) zone = { ...zone, end: zone.end + 1 }
  return zone
}

function joined(a: Zone, b: Zone): Zone {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) }
}

/** From the line that heads a block to the one that closes it. */
function blockFrom(lines: readonly string[], head: number): Zone {
  const depth = indentOf(lines[head - 1] ?? '')
  let end = head + 1
  for (let at = head + 1; at <= lines.length; at += 1) {
    const text = lines[at - 1] ?? ''
    if (isBlank(text)) continue
    const closes = /^\s*(?:[)\]}]|end\b|done\b|fi\b)/.test(text)
    const opens = /^\s*[{(]\s*$/.test(text)
    if (indentOf(text) < depth || (indentOf(text) === depth && !closes && !opens)) break
    end = at + 1
    if (indentOf(text) === depth && closes && !/[{(:]\s*$/.test(text)) break
  }
  return { start: head, end }
}

/** With the comments, decorators and attributes above it. */
function withHeading(path: string, lines: readonly string[], zone: Zone): Zone {
  let { start } = zone
  while (start > 1 && (isComment(path, lines[start - 2] ?? '') || /^\s*(?:@|#\[)/.test(lines[start - 2] ?? '')))
    start -= 1
  return { ...zone, start }
}
