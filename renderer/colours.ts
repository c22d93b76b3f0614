// Colours the code of a painted diff after its paint, without touching the page: by the CSS Custom Highlight API.
import type { Stop } from '../preload/wire.ts'
import type { Ink, Stretch } from './syntax.ts'

/** Some lines that follow each other in one version of a file, as they stand in the page. */
type Side = readonly Element[]

/** Colours wait for the paint, and for whoever only scrolls by; ms. */
const REST_MS = 80

/**
 * Colours the diff in `root` when it has stood for a moment. Where the browser has no custom highlights, the code stays in one
 * colour. The answer takes the colours away again.
 */
export function colourDiff(root: Element, path: string): Stop {
  if (!('highlights' in CSS)) return () => {}
  let stopped = false
  const put: (readonly [Ink, AbstractRange])[] = []

  async function colour(): Promise<void> {
    const { stretchesOf } = await import('./syntax.ts')
    if (stopped) return
    for (const { lines, inked } of sides(root)) {
      const text = lines.map((line) => line.textContent).join('\n')
      for (const [ink, range] of rangesOf(lines, inked, stretchesOf(text, path))) {
        highlightOf(ink).add(range)
        put.push([ink, range])
      }
    }
  }

  const timer = setTimeout(() => void colour(), REST_MS)
  return () => {
    stopped = true
    clearTimeout(timer)
    for (const [ink, range] of put) highlightOf(ink).delete(range)
  }
}

function highlightOf(ink: Ink): Highlight {
  const name = `code-${ink}`
  const known = CSS.highlights.get(name)
  if (known !== undefined) return known
  const made = new Highlight()
  CSS.highlights.set(name, made)
  return made
}

/** The old and the new version. `inked`: the lines that take their colours from this one. */
function sides(root: Element): readonly { readonly lines: Side; readonly inked: ReadonlySet<Element> }[] {
  const tables = Array.from(root.querySelectorAll('.d2h-file-side-diff'))
  if (tables.length > 0) {
    return tables.map((table) => {
      const lines = codeLines(table, () => true)
      return { lines, inked: new Set(lines) }
    })
  }
  const old = codeLines(root, (cell) => !cell.classList.contains('d2h-ins'))
  const now = codeLines(root, (cell) => !cell.classList.contains('d2h-del'))
  const shown = new Set(now)
  return [
    { lines: old, inked: new Set(old.filter((line) => !shown.has(line))) },
    { lines: now, inked: shown },
  ]
}

function codeLines(root: Element, has: (cell: Element) => boolean): Side {
  return Array.from(root.querySelectorAll('.d2h-code-line-ctn')).filter((line) => {
    const cell = line.closest('td')
    return cell !== null && !cell.classList.contains('d2h-emptyplaceholder') && has(cell)
  })
}

/** A stretch over several lines becomes a range in each. */
function rangesOf(
  lines: Side,
  inked: ReadonlySet<Element>,
  stretches: readonly Stretch[],
): readonly (readonly [Ink, AbstractRange])[] {
  const ranges: (readonly [Ink, AbstractRange])[] = []
  let begin = 0
  const starts = lines.map((line) => {
    const start = begin
    begin += line.textContent.length + 1
    return start
  })
  let first = 0
  for (const { from, to, ink } of stretches) {
    // Stretches come in the order of their starts, but one inside of another may begin on a former line's end.
    while (first > 0 && (starts[first] ?? 0) > from) first -= 1
    while ((starts[first + 1] ?? Infinity) <= from) first += 1
    for (let at = first; (starts[at] ?? Infinity) < to; at += 1) {
      const line = lines[at]
      const start = starts[at] ?? 0
      if (line === undefined || !inked.has(line)) continue
      const range = rangeIn(line, Math.max(0, from - start), Math.min(line.textContent.length, to - start))
      if (range !== null) ranges.push([ink, range])
    }
  }
  return ranges
}

/** Offsets in UTF-16 units of the line's text, which may be in several nodes. */
function rangeIn(line: Element, from: number, to: number): AbstractRange | null {
  if (to <= from) return null
  const walker = line.ownerDocument.createTreeWalker(line, NodeFilter.SHOW_TEXT)
  let passed = 0
  let start: readonly [Node, number] | null = null
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0
    if (start === null && from < passed + length) start = [node, from - passed]
    if (start !== null && to <= passed + length) {
      const [startContainer, startOffset] = start
      return new StaticRange({ startContainer, startOffset, endContainer: node, endOffset: to - passed })
    }
    passed += length
  }
  return null
}
