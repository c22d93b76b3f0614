// A long text's lines by their number, without cutting all of it into lines.
import { BOM, linesOf, type LineList } from './text.ts'

/** Texts whose index is kept: a file before and after its last save, and one more. */
const MOST_KEPT = 3
/** Shorter texts are cut into lines at once; UTF-16 units. */
const LONG = 32 * 1024

/** The last one that was asked for is the first. */
let kept: readonly { readonly text: string; readonly lines: LineList }[] = []

/**
 * The same lines as `linesOf`. Of a long text only the line ends are looked for, once as long as the text is in hand: a
 * millisecond for 100,000 lines, where an array of them costs three to six, and as much again for whoever collects it.
 */
export function linesIn(text: string): LineList {
  if (text.length < LONG) return linesOf(text)
  const known = kept.find((one) => one.text === text)
  const own = known ?? { text, lines: new LineIndex(text) }
  if (own !== kept[0]) kept = [own, ...kept.filter((one) => one !== own)].slice(0, MOST_KEPT)
  return own.lines
}

class LineIndex implements LineList {
  readonly length: number
  private readonly text: string
  /** Where the line with this index begins; one more stands behind the last line. */
  private readonly starts: Uint32Array

  constructor(text: string) {
    const body = text.startsWith(BOM) ? BOM.length : 0
    let starts = new Uint32Array(text.length / 32)
    let count = 0
    for (let at = body; ;) {
      if (count + 1 >= starts.length) {
        const grown = new Uint32Array(starts.length * 2 + 2)
        grown.set(starts)
        starts = grown
      }
      starts[count] = at
      if (at >= text.length) break
      count += 1
      const newline = text.indexOf('\n', at)
      at = newline < 0 ? text.length : newline + 1
    }
    this.text = text
    this.length = count
    this.starts = starts
  }

  at(index: number): string | undefined {
    if (index >= this.length) return undefined
    const start = this.starts[index] ?? 0
    const next = this.starts[index + 1] ?? 0
    if (this.text.charCodeAt(next - 1) !== NEWLINE) return this.text.slice(start, next)
    const isCrlf = next - 2 >= start && this.text.charCodeAt(next - 2) === RETURN
    return this.text.slice(start, next - (isCrlf ? 2 : 1))
  }

  slice(start: number, end: number): readonly string[] {
    const lines: string[] = []
    for (let index = start; index < Math.min(end, this.length); index += 1) lines.push(this.at(index) ?? '')
    return lines
  }
}

const NEWLINE = 10
const RETURN = 13
