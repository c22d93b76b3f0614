// A text as lines and terminators, so that lines can be changed while every other byte stays.

export interface Lines {
  /** `\uFEFF` when the text starts with one, otherwise empty. */
  readonly bom: string
  /** Without terminators. A text that ends in a newline has no empty last line; the empty text has no line. */
  readonly lines: readonly string[]
  /** One per line: `\n`, `\r\n`, or empty for a last line without newline. */
  readonly terminators: readonly string[]
}

/** What an array of lines and an index of them (see line-index.ts) have in common. Indices are 0-based. */
export interface LineList {
  readonly length: number
  /** `undefined` outside; `index` is not negative. */
  at(index: number): string | undefined
  /** Lines [start, end); neither is negative. */
  slice(start: number, end: number): readonly string[]
}

export const BOM = '\uFEFF'

/** Splits at `\n` only; a `\r` right before it belongs to the terminator. `joinText(splitText(t)) === t` for every t. */
export function splitText(text: string): Lines {
  const bom = text.startsWith(BOM) ? BOM : ''
  const lines: string[] = []
  const terminators: string[] = []
  let at = bom.length
  while (at < text.length) {
    const newline = text.indexOf('\n', at)
    if (newline < 0) {
      lines.push(text.slice(at))
      terminators.push('')
      break
    }
    const crlf = newline > at && text.charCodeAt(newline - 1) === 13
    lines.push(text.slice(at, crlf ? newline - 1 : newline))
    terminators.push(crlf ? '\r\n' : '\n')
    at = newline + 1
  }
  return { bom, lines, terminators }
}

export function joinText(text: Lines): string {
  const parts: string[] = [text.bom]
  for (const [index, line] of text.lines.entries()) parts.push(line, text.terminators[index] ?? '')
  return parts.join('')
}

/** The lines alone; see `splitText`. */
export function linesOf(text: string): readonly string[] {
  const body = text.startsWith(BOM) ? text.slice(BOM.length) : text
  // A third of the time that going from one newline to the next takes.
  const lines = body.split('\n')
  const last = lines.pop() ?? ''
  const plain = body.includes('\r\n') ? lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) : lines
  if (last !== '') plain.push(last)
  return plain
}

/** The terminator for lines inserted before `index` (0-based): that of the line before, else of the one after, else `\n`. */
export function terminatorNear(text: Lines, index: number): string {
  for (let at = Math.min(index, text.terminators.length) - 1; at >= 0; at -= 1) {
    const terminator = text.terminators[at]
    if (terminator) return terminator
  }
  return text.terminators.find((terminator) => terminator !== '') ?? '\n'
}

export function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index])
}

/** Lines [start, end), 1-based, with up to so many UTF-16 units of whole lines before them, and as many after them. */
export function aroundLines(
  lines: LineList,
  { start, end }: { readonly start: number; readonly end: number },
  units: number,
): string {
  let first = start
  for (let left = units; first > 1; first -= 1) {
    left -= (lines.at(first - 2) ?? '').length + 1
    if (left < 0) break
  }
  let last = end
  for (let left = units; last <= lines.length; last += 1) {
    left -= (lines.at(last - 1) ?? '').length + 1
    if (left < 0) break
  }
  return lines.slice(first - 1, last - 1).join('\n')
}
