// Cuts a stream of text pieces into lines, in time linear in the text and with bounded memory.

export interface LineSplitter {
  /** Calls `take` for each line that is complete now; see `createLineSplitter`. */
  push(text: string, take: (line: string) => void): void
  /** What stands after the last newline. */
  rest(): string
}

/**
 * Lines end at `\n`; one `\r` before it belongs to the terminator. Any chunking gives the same lines. A line longer than
 * `limit` characters is cut to `limit + 1`, so that the reader can tell that it is too long.
 */
export function createLineSplitter(limit: number): LineSplitter {
  let parts: string[] = []
  let held = 0

  const keep = (piece: string): void => {
    // One character more than may stand, and one for a `\r` that is not part of the line.
    const room = limit + 2 - held
    if (room <= 0 || piece === '') return
    const kept = piece.length > room ? piece.slice(0, room) : piece
    parts.push(kept)
    held += kept.length
  }

  const line = (): string => {
    const text = parts.length === 1 ? (parts[0] ?? '') : parts.join('')
    return (text.endsWith('\r') ? text.slice(0, -1) : text).slice(0, limit + 1)
  }

  return {
    push(text, take) {
      let at = 0
      for (let newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', at)) {
        keep(text.slice(at, newline))
        take(line())
        parts = []
        held = 0
        at = newline + 1
      }
      keep(text.slice(at))
    },
    rest: line,
  }
}
