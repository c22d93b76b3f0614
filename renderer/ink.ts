// Colours a streamed reply for the terminal as it comes: lines of a patch by their first character.
import { visible } from './visible.ts'

/** Turns the next piece of a reply into terminal output. */
export type Ink = (text: string) => string

const GREEN = '\u001b[32m'
const RED = '\u001b[31m'
const DIM = '\u001b[90m'
const PLAIN = '\u001b[0m'

/**
 * One ink a stream; it remembers where the last piece ended. Everything the reply itself holds is data: an escape sequence in it is shown, never obeyed.
 * Lines are coloured only from the first line on that opens a patch, so that a list in the explanation stays plain.
 */
export function createInk(): Ink {
  let atLineStart = true
  let inPatch = false
  let coloured = false

  function colourOf(first: string): string {
    if (first === '@' || first === '*' || first === '<') {
      inPatch = true
      return DIM
    }
    if (!inPatch) return ''
    if (first === '+') return GREEN
    if (first === '-') return RED
    return first === '=' || first === '>' ? DIM : ''
  }

  return (text) => {
    const clean = visible(text.replaceAll('\r', ''))
    let out = ''
    let from = 0
    while (from < clean.length) {
      if (atLineStart && clean[from] !== '\n') {
        const colour = colourOf(clean[from] ?? '')
        coloured = colour !== ''
        out += colour
      }
      const newline = clean.indexOf('\n', from)
      if (newline < 0) {
        out += clean.slice(from)
        atLineStart = false
        break
      }
      out += clean.slice(from, newline) + (coloured ? PLAIN : '') + '\n'
      coloured = false
      atLineStart = true
      from = newline + 1
    }
    return out
  }
}
