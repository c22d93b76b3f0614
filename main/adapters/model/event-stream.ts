// Reads server-sent events: bytes in, the data of each event out.
//
// Not the SDK's reader, because that one passes every event through four asynchronous generators, which costs more than all
// the rest of a token's way.

export interface EventStream {
  /** The data of the events that these bytes complete. */
  push(bytes: Uint8Array): readonly string[]
}

/**
 * After the WHATWG's HTML standard, 9.2.6 "Interpreting an event stream", with two simplifications: a line ends at LF or CRLF
 * (no model server ends it at CR alone), and of an event only its data is given. An event whose blank line never comes is none.
 */
export function createEventStream(): EventStream {
  const decoder = new TextDecoder()
  let rest = ''
  /** The lines of data of the event that is being read; null: none yet. */
  let data: string | null = null
  return {
    push(bytes) {
      const text = rest + decoder.decode(bytes, { stream: true })
      const events: string[] = []
      let start = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        const last = end > start && text[end - 1] === '\r' ? end - 1 : end
        if (last === start) {
          if (data !== null) events.push(data)
          data = null
        } else if (text.startsWith('data', start)) {
          const line = dataOf(text.slice(start, last))
          if (line !== null) data = data === null ? line : `${data}\n${line}`
        }
        start = end + 1
      }
      rest = text.slice(start)
      return events
    },
  }
}

/** `data: x`, `data:x` and `data` alone; null for a field whose name only begins alike. */
function dataOf(line: string): string | null {
  if (line === 'data') return ''
  if (line[4] !== ':') return null
  return line.slice(line[5] === ' ' ? 6 : 5)
}
