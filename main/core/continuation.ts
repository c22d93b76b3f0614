// Parses the continuation of a reply that was cut: joins it to what had come, or takes it as a new beginning.
import { createReplyParser, type ReplyEvent, type ReplyParser } from './edits/parser.ts'

const BEGIN = /^\s*\*\*\* Begin Patch/
const GIT = /^diff --git /
const SECTION = /^\*\*\* (?:Update|Add|Delete) File:\s*\S/
const SEARCH = /^\s*<{5,9}(?!<)/
const REPLACED = /^\s*>{5,9}(?!>)/
/** A line that cannot be the rest of another one. */
const MARKER = /^(?:@@|\*\*\* |--- )/

export interface ContinuationOptions {
  /** Whether this is a file of the project: a line that names one is not the rest of another line. */
  isPath(text: string): boolean
}

/** What of a cut reply counts: blanks at its very end cannot be told from an indentation that is given again. */
export function cutReply(reply: string): string {
  return reply.replace(/[ \t]+$/, '')
}

/**
 * A parser for what a model says after "go on". Models do not simply go on from a partial turn: they continue at the exact
 * character, repeat the partial line, or begin again, wholly or with the hunk they were in. `reply` is what had come before (see
 * `cutReply`); its events are known and are not given again. Any chunking gives the same events, as with `createReplyParser`.
 *
 * It goes on with the old reply until a line comes that can only be a new beginning: then the hunk that was cut is dropped,
 * and what follows is read by itself.
 *
 * Limit: a model that neither repeats nor finishes the cut line, but words it anew, gets both joined. A person sees that hunk
 * before anything is written.
 */
export function createContinuationParser(reply: string, options: ContinuationOptions): ReplyParser {
  const complete = reply.slice(0, reply.lastIndexOf('\n') + 1)
  const seed = complete.split('\n').slice(0, -1)
  let partial: string | null = reply.slice(complete.length)
  let parser = createReplyParser()
  let held = ''
  parser.push(complete)

  // What the restarts need to know of the text so far.
  let section = seed.findLast((line) => SECTION.test(line))
  const anchor = seed.findLast((line) => line.startsWith('@@'))
  let inBlock = isInBlock(seed)
  let blockPath = pathOfBlock(seed)
  let former = seed.at(-1) ?? ''

  const restart = (...lines: readonly string[]): void => {
    parser = createReplyParser()
    for (const line of lines) parser.push(`${line}\n`)
  }

  const feed = (line: string, ending: string, isFirst: boolean): readonly ReplyEvent[] => {
    if (BEGIN.test(line) || GIT.test(line) || (isFirst && line.startsWith('--- '))) restart()
    else if (isFirst && SECTION.test(line) && line.trimEnd() === section?.trimEnd()) restart()
    else if (isFirst && /^@@\s*\S/.test(line) && line === anchor) restart('*** Begin Patch', section ?? '')
    else if (SEARCH.test(line) && inBlock) restart(looksLikePath(former, options) ? former : blockPath)
    if (SEARCH.test(line)) {
      inBlock = true
      blockPath = looksLikePath(former, options) ? former : blockPath
    }
    if (REPLACED.test(line)) inBlock = false
    if (SECTION.test(line)) section = line
    former = line
    return parser.push(line + ending)
  }

  const take = (line: string, ending: string): readonly ReplyEvent[] => {
    if (partial === null) return feed(line, ending, false)
    const cut = partial
    partial = null
    if (cut === '' || MARKER.test(line)) return feed(line, ending, true)
    if (line.startsWith(cut) && markerRank(cut + line) <= markerRank(line)) return feed(line, ending, true)
    // The cut line was prose, and the edits begin anew with the name of their file.
    if (!options.isPath(cut + line) && options.isPath(line)) return feed(line, ending, true)
    return feed(cut + line, ending, true)
  }

  return {
    push(text) {
      held += text
      const events: ReplyEvent[] = []
      for (let newline = held.indexOf('\n'); newline >= 0; newline = held.indexOf('\n')) {
        const line = held.slice(0, newline)
        held = held.slice(newline + 1)
        events.push(...take(line, '\n'))
      }
      return events
    },
    end(ending) {
      const events = held === '' ? [] : take(held, '')
      return [...events, ...parser.end(ending)]
    },
  }
}

/** How much a line looks like a marker: a cut marker may look repeated when it is finished (`*` and `** Begin Patch`). */
function markerRank(line: string): number {
  if (/^(?:<{7} |={7}$|>{7} |@@|\*\*\* [A-Z])/.test(line)) return 2
  return /^(?:<{5,9} |={5,9}$|>{5,9} )/.test(line) ? 1 : 0
}

function isInBlock(lines: readonly string[]): boolean {
  const last = lines.findLast((line) => SEARCH.test(line) || REPLACED.test(line))
  return last !== undefined && SEARCH.test(last)
}

/** The line above the last SEARCH/REPLACE block. */
function pathOfBlock(lines: readonly string[]): string {
  const at = lines.findLastIndex((line) => SEARCH.test(line))
  return lines[at - 1] ?? ''
}

function looksLikePath(line: string, { isPath }: ContinuationOptions): boolean {
  return isPath(line.trim()) || /^[`*#\s]*[\w@.~/\\-]+\.\w+[`*:\s]*$/.test(line)
}
