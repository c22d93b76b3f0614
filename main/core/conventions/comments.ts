// How a file's comments show habits: which signs they have, and whether what others use is documented.
import type { Family, Language } from './language.ts'
import type { Comment, Scanned } from './scan.ts'

/** Counts one choice. */
type Note = (subject: 'comments' | 'doc comments', choice: string) => void

const BOTH_SIGNS: readonly Family[] = ['script', 'java', 'c', 'rust', 'go', 'php']

/** Linear in the lines. */
export function observeComments(path: string, { code, comments }: Scanned, language: Language, note: Note): void {
  if (BOTH_SIGNS.includes(language.family)) signs(comments, note)
  const isTest = /(?:^|[/._-])(?:tests?|specs?|__tests__)(?:[/._-]|$)/i.test(path)
  // Nobody documents a test for others.
  if (!isTest) documented(code, comments, language.family, note)
}

/** Comments on lines of their own; lines of one comment count once, and the head of a file is mostly a licence. */
function signs(comments: readonly Comment[], note: Note): void {
  let former = -2
  for (const { open, start, end, ownLine, isDoc } of comments) {
    if (!ownLine || isDoc || start === 0) {
      former = end
      continue
    }
    const isBlock = open === '/*'
    if (isBlock) note('comments', 'block comments')
    else if (start > former + 1) note('comments', 'line comments')
    former = end
  }
}

/** What others may use: its name begins as the language has it for that, or says so. */
const PUBLIC: Readonly<Partial<Record<Family, RegExp>>> = {
  script: /^export\s+(?:default\s+)?(?:async\s+|abstract\s+)*(?:function|class)\b/,
  rust: /^\s*pub\s+(?:async\s+|unsafe\s+|const\s+)*fn\b/,
  go: /^func\s+(?:\([^)]*\)\s*)?[A-Z]/,
  java: /^\s*public\s+[\w<>[\], ]+\(/,
  python: /^\s*(?:async\s+)?def\s+[a-z]\w*\s*\(/,
}
/** Stands between a doc comment and what it is about. */
const ATTRIBUTE = /^\s*(?:#\[.*\]|@\w.*)$/

function documented(code: readonly string[], comments: readonly Comment[], family: Family, note: Note): void {
  const pattern = PUBLIC[family]
  if (pattern === undefined) return
  const docs = comments.filter(({ ownLine, isDoc }) => ownLine && (isDoc || family === 'go' || family === 'python'))
  const starts = new Set(docs.map(({ start }) => start))
  const ends = new Set(docs.map(({ end }) => end))
  for (const [at, line] of code.entries()) {
    if (!pattern.test(line)) continue
    const has = family === 'python' ? starts.has(endOfHead(code, at) + 1) : ends.has(startOfHead(code, at) - 1)
    const where = family === 'python' ? 'docstrings in functions' : 'above what others use'
    note('doc comments', has ? where : 'none')
  }
}

/** The first of the lines with attributes that stand right above. */
function startOfHead(code: readonly string[], at: number): number {
  let start = at
  while (start > 0 && ATTRIBUTE.test(code[start - 1] ?? '')) start -= 1
  return start
}

/** Parameters may stand on lines of their own; more of them than this is no head. */
const LONGEST_HEAD = 30

function endOfHead(code: readonly string[], at: number): number {
  for (let line = at; line < Math.min(code.length, at + LONGEST_HEAD); line += 1)
    if (/:\s*$/.test(code[line] ?? '')) return line
  return at
}
