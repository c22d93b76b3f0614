// Parses the continuation of a reply that was cut: joins it to the last complete line, or takes it as a new patch.
import { createReplyParser, type ReplyEvent, type ReplyParser } from './edits/parser.ts'

/** The beginnings of a line that start something anew rather than go on with a cut hunk. */
const FRESH = /^(\s*```|\*\*\* Begin Patch|\s*<{5,9}\s|diff --git |--- |Index: )/
const SECTION = /^\*\*\* (?:Update|Add|Delete) File:\s*(.*\S)/gm
/** What a line of a patch may begin with. */
const PATCH_LINE = /^[ +\-@*]/

/**
 * A parser for what a model says after "go on". Models do not simply go on from a partial turn: they continue at the exact
 * character, repeat the partial line, or start (a part of) the patch again. `reply` is what had come before; its events are
 * known and are not given again. Any chunking gives the same events, as with `createReplyParser`.
 */
export function createContinuationParser(reply: string): ReplyParser {
  const complete = reply.slice(0, reply.lastIndexOf('\n') + 1)
  const partial = reply.slice(complete.length)
  let parser: ReplyParser | null = null
  let held = ''

  const begin = (firstLine: string): readonly ReplyEvent[] => {
    const text = held
    held = ''
    parser = createReplyParser()
    if (startsAnew(firstLine, partial) || repeatsSection(firstLine, complete)) return parser.push(text)
    parser.push(complete)
    const joined = partial !== '' && !firstLine.startsWith(partial) && !looksWhole(firstLine) ? partial + text : text
    return parser.push(joined)
  }

  return {
    push(text) {
      if (parser !== null) return parser.push(text)
      held += text
      const newline = held.indexOf('\n')
      return newline < 0 ? [] : begin(held.slice(0, newline))
    },
    end(options) {
      const events = parser === null && held !== '' ? begin(held) : []
      return parser === null ? [] : [...events, ...parser.end(options)]
    },
  }
}

/** Prose cannot go on with a hunk, unless the cut line itself was prose or the line goes on at the exact character. */
function startsAnew(line: string, partial: string): boolean {
  if (FRESH.test(line)) return true
  return partial === '' && line !== '' && !PATCH_LINE.test(line)
}

/** The section that was cut begins again. Another file's section ends the cut hunk instead: it was complete. */
function repeatsSection(line: string, complete: string): boolean {
  const path = [...line.matchAll(SECTION)][0]?.[1]
  return path !== undefined && path === [...complete.matchAll(SECTION)].at(-1)?.[1]
}

/** A line that carries a patch marker of its own replaces the cut one. */
function looksWhole(line: string): boolean {
  return /^(?:[+-]|@@|\*\*\* )/.test(line)
}
