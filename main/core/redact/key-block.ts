// The lines of private key blocks (PEM, OpenSSH, PGP, PuTTY), whole ones and fragments, over several lines or escaped in one.
import type { SecretSpan } from './span.ts'

const OPENING = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|Private-Lines: \d{1,4}/g
const CLOSING = /-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g
const CLOSING_START = /-{4,5} ?END /
/** A line of such a block: base64 between marks of comments, quotes, concatenation or diffs. */
const BODY_LINE =
  /^(\+\s[^A-Za-z0-9+/=]{0,60}|[^A-Za-z0-9+/=]{0,60}(?:\+ )?)([A-Za-z0-9+/=]+)((?:\\[nr])*[^A-Za-z0-9/=]{0,20})$/
const HEADER_LINE = /^\W{0,40}(?:Proc-Type|DEK-Info|Comment|Version|Charset|Hash|X-[\w-]{1,40}):/
const EMPTY_LINE = /^[^A-Za-z0-9]{0,60}$/
/** A line as long as this is key material even where the block's end is not in sight. */
const LONG = 40
/** The longest keys in use (RSA of 16,384 bits, post-quantum ones) stay well below. */
const MOST_LINES = 1_000
const KIND = 'private key'

/** Spans of all key material in the text. Linear in the text's length. */
export function findKeyBlocks(text: string): readonly SecretSpan[] {
  if (!text.includes('PRIVATE KEY') && !text.includes('Private-Lines:')) return []
  const spans: SecretSpan[] = []
  let covered = 0
  for (const opening of text.matchAll(OPENING)) {
    if (opening.index < covered) continue
    const from = opening.index + opening[0].length
    const found = [...sameLine(text, from), ...followingLines(text, from)]
    spans.push(...found)
    // Its whole line has been searched.
    const newline = text.indexOf('\n', from)
    covered = Math.max(found.at(-1)?.end ?? 0, newline < 0 ? text.length : newline)
  }
  // An excerpt may begin inside a block, or a line may have come between: then only its end leads to the rest.
  const fragments: SecretSpan[] = []
  let floor = 0
  let next = 0
  for (const closing of text.matchAll(CLOSING)) {
    for (; next < spans.length && (spans[next]?.start ?? 0) < closing.index; next += 1) {
      floor = Math.max(floor, spans[next]?.end ?? 0)
    }
    fragments.push(...precedingLines(text, closing.index, floor))
    floor = closing.index
  }
  return [...spans, ...fragments]
}

/**
 * The lines of key material of a whole text, so that a redactor can be told of them before it sees excerpts that show
 * neither a block's beginning nor its end.
 */
export function keyLinesOf(text: string): readonly string[] {
  return findKeyBlocks(text).map((span) => text.slice(span.start, span.end))
}

/** Long enough not to be a word that happens to stand in a key. */
const WORD = /[A-Za-z0-9+/]{16,}={0,2}/g

/** Places in the text of known lines of key material: as lines, but for marks around them, or as words in a line. */
export function findKeyLines(text: string, known: ReadonlySet<string>): readonly SecretSpan[] {
  if (known.size === 0) return []
  const spans: SecretSpan[] = []
  for (const line of linesFrom(text, 0, text.length)) {
    const span = bodySpan(text, line, `known`)
    if (span !== null && known.has(text.slice(span.start, span.end))) spans.push(span)
  }
  for (const match of text.matchAll(WORD)) {
    const [word] = match
    const mark = word.startsWith('+') && !known.has(word) ? 1 : 0
    if (!known.has(word.slice(mark))) continue
    const start = match.index + mark
    spans.push({ start, end: match.index + word.length, kind: KIND, block: 'known', bare: false })
  }
  return spans
}

interface LineRange {
  readonly start: number
  readonly end: number
}

function* linesFrom(text: string, from: number, to: number): Generator<LineRange> {
  for (let start = from; start < to;) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    yield { start, end: text.charAt(end - 1) === '\r' && end > start ? end - 1 : end }
    start = end + 1
  }
}

/** `-----BEGIN PRIVATE KEY-----\nMIIE…\n-----END PRIVATE KEY-----` in one line, as JSON and environment files have it. */
function sameLine(text: string, from: number): readonly SecretSpan[] {
  const newline = text.indexOf('\n', from)
  const rest = text.slice(from, newline < 0 ? text.length : newline)
  const closing = rest.search(CLOSING_START)
  const body = closing < 0 ? rest : rest.slice(0, closing)
  // Cut off, it may go on as code.
  const shortest = closing < 0 ? LONG : 2
  const spans: SecretSpan[] = []
  for (const run of body.matchAll(/\\[nrt]|[A-Za-z0-9+/=]+/g)) {
    if (run[0].startsWith('\\') || run[0].length < shortest) continue
    const start = from + run.index
    spans.push({ start, end: start + run[0].length, kind: KIND, block: `block ${from}`, bare: false })
  }
  return isMaterial(spans) ? spans : []
}

function followingLines(text: string, from: number): readonly SecretSpan[] {
  const newline = text.indexOf('\n', from)
  if (newline < 0) return []
  const spans: SecretSpan[] = []
  let lines = 0
  for (const line of linesFrom(text, newline + 1, text.length)) {
    lines += 1
    if (lines > MOST_LINES) break
    const content = text.slice(line.start, Math.min(line.end, line.start + 400))
    if (CLOSING_START.test(content)) return isMaterial(spans) ? spans : []
    if (EMPTY_LINE.test(content) || HEADER_LINE.test(content)) continue
    const span = bodySpan(text, line, `block ${from}`)
    if (span === null) break
    spans.push(span)
  }
  return spans.slice(0, spans.findLastIndex(isLong) + 1)
}

function precedingLines(text: string, to: number, floor: number): readonly SecretSpan[] {
  const spans: SecretSpan[] = []
  // Only back to the floor: many ends in one long line must not each search all of it.
  const newline = text.slice(floor, to).lastIndexOf('\n')
  let end = newline < 0 ? -1 : floor + newline
  while (end > floor && spans.length < MOST_LINES) {
    const start = text.lastIndexOf('\n', end - 1) + 1
    const line = { start, end: text.charAt(end - 1) === '\r' ? end - 1 : end }
    const span = bodySpan(text, line, `end ${to}`)
    // The last line of a block may be short, and so may its checksum; all others are full.
    if (span === null || (!isLong(span) && spans.some(isLong))) break
    if (spans.length >= 2 && !spans.some(isLong)) break
    spans.push(span)
    end = start - 1
  }
  return spans.some(isLong) ? spans : []
}

/** Code that only speaks of the two marks has words between them, no key. */
function isMaterial(spans: readonly SecretSpan[]): boolean {
  const units = spans.reduce((sum, span) => sum + span.end - span.start, 0)
  return spans.some(isLong) || (units >= LONG && units / spans.length >= 16)
}

function isLong(span: SecretSpan): boolean {
  return span.end - span.start >= LONG
}

function bodySpan(text: string, line: LineRange, block: string): SecretSpan | null {
  if (line.end - line.start > 400) return null
  const match = BODY_LINE.exec(text.slice(line.start, line.end))
  if (match === null) return null
  const [, before = '', run = ''] = match
  // A `+` in front may be base64 or a diff's mark: lines of base64 are a multiple of four long.
  const mark = run.startsWith('+') && (run.length - 1) % 4 === 0 ? 1 : 0
  const start = line.start + before.length + mark
  const end = line.start + before.length + run.length
  return end > start ? { start, end, kind: KIND, block, bare: false } : null
}
