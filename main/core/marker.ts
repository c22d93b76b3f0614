// Intents in code: comments that end in `ai!` (asks for an edit) or `ai?` (asks a question), and what else asks when it is just written.
import type { Intent } from '../../preload/contract.ts'
import { commentSyntaxOf, type CommentSyntax } from './comment-syntax.ts'
import type { LineEdit } from './patch.ts'
import { linesOf, type LineList } from './text.ts'

export interface Marker {
  /** The line in which the marker stands, 1-based. */
  readonly line: number
  readonly kind: Intent
  /** What the comment says, without comment signs and without the marker; its lines joined by blanks. May be empty. */
  readonly text: string
}

/** A cheap look at the whole text first: most files have none. */
const ANYWHERE = /\bai[!?]/i
const AT_END = /(?:^|[^\p{L}\p{N}_$@.-])ai([!?])$/iu
/** Comment lines right above a marker belong to it, up to so many. */
const MOST_LINES = 20
/** Longer lines are generated: nobody writes a request into them. */
const LONGEST_LINE = 2_000

/**
 * All markers of a text, in order of their lines. The comment signs are those of the file's language where its name tells it,
 * otherwise all common ones. `ai!` within a string or in code is none, nor is one after which the comment goes on.
 */
export function findMarkers(path: string, text: string): readonly Marker[] {
  if (!ANYWHERE.test(text)) return []
  const markers: Marker[] = []
  for (const comment of comments(linesOf(text), commentSyntaxOf(path))) {
    const match = AT_END.exec(comment.text)
    if (match === null) continue
    const said = comment.text.slice(0, match.index + (match[0].length - 3)).trim()
    markers.push({
      line: comment.line,
      kind: match[1] === '!' ? 'edit' : 'question',
      text: said.replace(/[,:;–—-]$/, '').trim(),
    })
  }
  return markers
}

/** TODO and FIXME comments of a text, in order of their lines; those that end in a marker are none. */
export function findTodos(path: string, text: string): readonly Marker[] {
  if (!TODO_ANYWHERE.test(text)) return []
  const todos: Marker[] = []
  for (const comment of comments(linesOf(text), commentSyntaxOf(path))) {
    if (AT_END.test(comment.text)) continue
    // Comments on lines that follow each other are one; each TODO in them is one of its own.
    for (const [, said = ''] of comment.text.matchAll(TODO)) {
      todos.push({ line: comment.line, kind: 'todo', text: said.trim() })
    }
  }
  return todos
}

/** Conflicts that git has written into the text and nobody has solved yet: `<<<<<<<`, `=======` and `>>>>>>>`, in this order. */
export function findConflicts(text: string): readonly Marker[] {
  if (!CONFLICT_ANYWHERE.test(text)) return []
  const conflicts: Marker[] = []
  let start: { readonly line: number; readonly ours: string } | null = null
  let parted = false
  for (const [index, content] of linesOf(text).entries()) {
    if (content.startsWith('<<<<<<< ')) {
      start = { line: index + 1, ours: content.slice(8).trim() }
      parted = false
    } else if (start !== null && content === '=======') {
      parted = true
    } else if (start !== null && parted && content.startsWith('>>>>>>> ')) {
      conflicts.push({ line: start.line, kind: 'conflict', text: `${start.ours} against ${content.slice(8).trim()}` })
      start = null
    }
  }
  return conflicts
}

/**
 * Edits of one hunk in order, where one that only takes a marker's line away has become part of its neighbour: who accepts what a
 * marker asked for is rid of the marker, too. `lines`: the text that they are about.
 */
export function withMarkerRemoval(edits: readonly LineEdit[], lines: LineList): readonly LineEdit[] {
  const joined: LineEdit[] = []
  for (const edit of edits) {
    const last = joined.at(-1)
    if (last !== undefined && (takesMarker(last, lines) || takesMarker(edit, lines))) {
      const between = lines.slice(last.end - 1, edit.start - 1)
      joined[joined.length - 1] = {
        start: last.start,
        end: edit.end,
        lines: [...last.lines, ...between, ...edit.lines],
      }
    } else joined.push(edit)
  }
  return joined
}

function takesMarker({ start, end, lines: fresh }: LineEdit, lines: LineList): boolean {
  return fresh.length === 0 && lines.slice(start - 1, end - 1).some((line) => MARKER_LINE.test(line))
}

const MARKER_LINE = /\bai[!?]\W*$/i
const TODO_ANYWHERE = /\b(?:TODO|FIXME)\b/
/** Its words, up to the next one. An owner in brackets belongs to it. */
const TODO = /(?:^|[\s@])(?:TODO|FIXME)\b(?:\([^)]*\))?:?((?:(?!(?:^|[\s@])(?:TODO|FIXME)\b)[^])*)/g
const CONFLICT_ANYWHERE = /^<{7} /m

interface Comment {
  /** Of its last line with text, 1-based. */
  readonly line: number
  readonly text: string
}

/** Comments of a text: a block comment is one, and so are line comments on lines of their own that follow each other. */
function* comments(lines: readonly string[], syntax: CommentSyntax): Generator<Comment> {
  let block: { readonly close: string; readonly said: Said[] } | null = null
  let run: { readonly sign: string; readonly said: Said[] } | null = null
  for (const [index, whole] of lines.entries()) {
    const content = whole.length > LONGEST_LINE ? '' : whole
    const line = index + 1
    let at = 0
    let sign: string | null = null
    while (at < content.length || block !== null) {
      if (block !== null) {
        const end = content.indexOf(block.close, at)
        block.said.push({ line, text: content.slice(at, end < 0 ? content.length : end) })
        if (end < 0) break
        yield joined(block.said)
        at = end + block.close.length
        block = null
        continue
      }
      const next = nextComment(content, at, syntax)
      if (next === null) break
      if (next.close !== null) {
        block = { close: next.close, said: [] }
        at = next.end
        continue
      }
      sign = next.sign
      const said = { line, text: content.slice(next.end) }
      const alone = content.slice(0, next.start).trim() === ''
      // A marker closes its comment: what stands below it is about something else.
      const goesOn: boolean = alone && run !== null && run.sign === sign && !AT_END.test(joined(run.said).text)
      if (run !== null && !goesOn) yield joined(run.said)
      run = goesOn && run !== null ? { sign, said: [...run.said.slice(1 - MOST_LINES), said] } : { sign, said: [said] }
      if (!alone) {
        yield joined(run.said)
        run = null
      }
      break
    }
    if (sign === null && run !== null) {
      yield joined(run.said)
      run = null
    }
  }
  if (run !== null) yield joined(run.said)
}

interface Said {
  readonly line: number
  readonly text: string
}

/** Decoration goes: `/// `, ` * `, `---`, `=====`. */
function joined(said: readonly Said[]): Comment {
  const clean = said.map(({ line, text }) => ({ line, text: text.replace(/^[\s*/#;%!|=-]+|[\s*/#;%|=-]+$/g, '') }))
  const spoken = clean.filter(({ text }) => text !== '')
  return {
    line: spoken.at(-1)?.line ?? 0,
    text: spoken
      .slice(-MOST_LINES)
      .map(({ text }) => text)
      .join(' '),
  }
}

interface Opening {
  readonly start: number
  readonly end: number
  readonly sign: string
  /** What ends it; null: the line. */
  readonly close: string | null
}

/** The next comment of the line from `at` on, outside of strings that open and close in this line. */
function nextComment(content: string, at: number, syntax: CommentSyntax): Opening | null {
  for (let index = nextOpener(content, at, syntax); index >= 0; index = nextOpener(content, index + 1, syntax)) {
    const block = syntax.blocks.find(([open]) => content.startsWith(open, index))
    const line = syntax.lines.find((sign) => startsComment(content, index, sign))
    // `--[[` is longer than `--`, `//` than nothing: the longer sign is meant.
    if (block !== undefined && (line === undefined || block[0].length >= line.length)) {
      return { start: index, end: index + block[0].length, sign: block[0], close: block[1] }
    }
    if (line !== undefined) return { start: index, end: index + line.length, sign: line, close: null }
    const character = content.charAt(index)
    if (syntax.quotes.includes(character)) index = stringEnd(content, index, character)
  }
  return null
}

function nextOpener(content: string, at: number, { opener }: CommentSyntax): number {
  opener.lastIndex = at
  return opener.exec(content)?.index ?? -1
}

/** Letters and ambiguous signs (`REM`, `'`, `"`, `!`, `C`) open a comment only as the first thing in a line; others anywhere but inside a word. */
function startsComment(content: string, index: number, sign: string): boolean {
  const first = sign.charAt(0)
  if (content.charAt(index).toLowerCase() !== first.toLowerCase()) return false
  if (content.slice(index, index + sign.length).toLowerCase() !== sign.toLowerCase()) return false
  if (/[A-Za-z"!]/.test(first)) return content.slice(0, index).trim() === ''
  if (sign === '//') return content.charAt(index - 1) !== ':'
  return index === 0 || /[\s;,(){}[\]>]/.test(content.charAt(index - 1))
}

/** The closing quote's index; the opening one's own when the line has none (an apostrophe, a lifetime). */
function stringEnd(content: string, start: number, quote: string): number {
  for (let index = start + 1; index < content.length; index += 1) {
    if (content.charAt(index) === '\\') index += 1
    else if (content.charAt(index) === quote) return index
  }
  return start
}
