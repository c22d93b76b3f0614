// Renames that a suggestion brings along: a name that is declared in the file gives way to one that nobody has used there.
import { diffLines } from '../diff.ts'
import { endingOf, isProsePath, isReserved } from './language.ts'
import { replacements, wordsOf } from './names.ts'
import { tokenLines, type Token } from './tokens.ts'

export interface Rename {
  readonly from: string
  readonly to: string
}

/** The old and the new lines of one edit of a file. */
export interface Exchange {
  readonly old: readonly string[]
  readonly fresh: readonly string[]
}

/**
 * The renames in the edits of one file. `lines`: the file before them. What only looks like one is left: another existing name
 * in its place, a member of something that is declared elsewhere, and a call of another function.
 */
export function renamesIn(path: string, lines: readonly string[], edits: readonly Exchange[]): readonly Rename[] {
  const targets = new Map<string, Set<string>>()
  /** In the edit that takes a name away, it must not stand any more. */
  const kept = new Set<string>()
  if (isProsePath(path)) return []
  for (const edit of edits) {
    const come = wordsOf(edit.fresh)
    for (const run of diffLines(edit.old, edit.fresh)) {
      const old = edit.old.slice(run.oldStart - 1, run.oldEnd - 1)
      const fresh = edit.fresh.slice(run.newStart - 1, run.newEnd - 1)
      for (const [from, to] of replacements({ path, old, fresh })) {
        if (!isName(from) || !isName(to)) continue
        if (come.has(from)) kept.add(from)
        targets.set(from, (targets.get(from) ?? new Set<string>()).add(to))
      }
    }
  }
  if (targets.size === 0) return []
  const known = wordsOf(lines)
  const gone = edits.flatMap(({ old }) => old)
  const renames: Rename[] = []
  for (const [from, tos] of targets) {
    const [to] = tos
    if (to === undefined || tos.size !== 1 || known.has(to) || kept.has(from)) continue
    if (isDeclaredIn(path, gone, from)) renames.push({ from, to })
  }
  return renames
}

/** The lines with these renames taken back. */
export function withoutRenames(lines: readonly string[], renames: readonly Rename[]): readonly string[] {
  if (renames.length === 0) return lines
  const former = new Map(renames.map(({ from, to }) => [to, from]))
  return lines.map((line) => line.replaceAll(/[\p{L}_$][\p{L}\p{N}\p{M}_$]*/gu, (word) => former.get(word) ?? word))
}

function isName(text: string): boolean {
  return /^[\p{L}_$][\p{L}\p{N}\p{M}_$]*$/u.test(text) && !isReserved(text)
}

/** Words before which, or signs after which, a name is used and not declared. */
const USES = new Set(
  'return new await throw in of case if while until typeof delete not and or is yield else elif import from raise assert when unless print echo puts extends implements instanceof as goto'.split(
    ' ',
  ),
)

/** Whether one of these lines declares the name. It knows no language: the shape around the name tells. */
function isDeclaredIn(path: string, lines: readonly string[], name: string): boolean {
  const ending = endingOf(path)
  return tokenLines(path, lines, null).some(({ tokens }) =>
    tokens.some((token, at) => token.text === name && token.kind === 'word' && declares(tokens, at, ending)),
  )
}

function declares(tokens: readonly Token[], at: number, ending: string): boolean {
  const before = tokens[at - 1]
  const after = tokens[at + 1]?.text ?? ''
  if (before !== undefined && ['.', '->', '?.', '::', '@', '#'].includes(before.text) && before.text !== '@')
    return false
  // `const x`, `def x`, `int x`: a word that is no verb stands right before it.
  if (before?.text === 'as') return ending === 'py' || ending === 'pyi'
  if (before?.kind === 'word' && !USES.has(before.text)) return after !== ':' || before.text !== 'case'
  if ([':=', '=>'].includes(after)) return true
  const head = tokens.slice(0, at)
  const isParameter =
    ['(', ',', '|', '&', '*', '...', '**', '>'].includes(before?.text ?? '') && head.some(isHead) && within(head)
  // `u User`: in Go the type follows without a sign.
  const isTyped = ending === 'go' && tokens[at + 1]?.kind === 'word'
  if (isParameter) return isTyped || [',', ')', ':', '=', '|', '?', ']', '}', ''].includes(after)
  if (after === '=') return at === 0 || ['let', 'mut'].includes(before?.text ?? '')
  // `for x, y in`, `for (const [a, b] of`, `const { a, b } = …`
  const declaring = head.findLast(({ kind, text }) => kind === 'word' && DECLARING.has(text))
  return (
    declaring !== undefined &&
    [',', '[', '{', '('].includes(before?.text ?? '') &&
    [',', ']', '}', ')', 'in', 'of'].includes(after)
  )
}

const DECLARING = new Set(['const', 'let', 'var', 'val', 'for', 'my', 'lambda', 'catch', 'except', 'with'])

/** What begins the head of a function. */
function isHead({ kind, text }: Token): boolean {
  return (
    kind === 'word' &&
    /^(?:function|def|fn|func|fun|sub|lambda|proc|constructor|async|public|private|protected|static|void|int|export)$/.test(
      text,
    )
  )
}

/** Whether a round bracket stands open behind these tokens. */
function within(tokens: readonly Token[]): boolean {
  let open = 0
  for (const { text } of tokens) {
    if (text === '(' || text === '|') open += 1
    else if (text === ')') open -= 1
  }
  return open > 0
}
