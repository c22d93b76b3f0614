// The lines that structure a reply, recognised one by one: patch headers, `@@` lines, SEARCH/REPLACE markers, fences.
import { formatPath, looksLikePath } from './path.ts'

export type PatchMarker =
  | { readonly type: 'begin' | 'end' | 'end-of-file' }
  | { readonly type: 'update' | 'add' | 'delete' | 'move'; readonly path: string }

/** Longer lines are no headers; it also bounds the work of the expressions below. */
const LONGEST_HEADER = 1_000

const ENVELOPE = /^\*\*\* ?(begin patch|end patch|end of file)(?: ?\*{3})?\s*$/i
const FILE =
  /^\*\*\* ?(update|add|create|delete|remove|move|rename)(?: file)?(?: ?to)?(?:: ?| (?=\S+\s*$))(.*?)(?: \*{3})?\s*$/i

/** Header lines of the published apply_patch format, also in another case and with white space after them. */
export function patchMarker(line: string): PatchMarker | null {
  if (!line.startsWith('***') || line.length > LONGEST_HEADER) return null
  const envelope = ENVELOPE.exec(line)?.[1]?.toLowerCase()
  if (envelope !== undefined) {
    return { type: envelope === 'begin patch' ? 'begin' : envelope === 'end patch' ? 'end' : 'end-of-file' }
  }
  const file = FILE.exec(line)
  const path = formatPath(file?.[2] ?? '')
  if (file === null || path === '') return null
  switch (file[1]?.toLowerCase()) {
    case 'update':
      return /^\*\*\* ?update file/i.test(line) ? { type: 'update', path } : null
    case 'add':
    case 'create':
      return /^\*\*\* ?\w+ file/i.test(line) ? { type: 'add', path } : null
    case 'delete':
    case 'remove':
      return /^\*\*\* ?\w+ file/i.test(line) ? { type: 'delete', path } : null
    default:
      return /^\*\*\* ?\w+(?: file)? ?to/i.test(line) ? { type: 'move', path } : null
  }
}

export interface PlaceLine {
  readonly anchors: readonly string[]
  /** The old start line and both counts of a unified diff; null where they are not given. */
  readonly line: number | null
  readonly counts: { readonly old: number; readonly new: number } | null
}

const RANGES = /^@@+\s*-(\d{1,9})(?:,(\d{1,9}))?\s+\+\d{1,9}(?:,(\d{1,9}))?\s*(?:@@+)?(.*)$/
const ONE_RANGE = /^@@+\s*-?(\d{1,9})(?:,\d{1,9})?\s*@@+(.*)$/

/**
 * An `@@` line: `@@`, `@@ class A`, `@@ class A @@ def b`, `@@ -1,2 +1,3 @@ function f`. Null for any other line.
 * Ellipses and other texts without a word name no place.
 */
export function placeLine(line: string): PlaceLine | null {
  if (!line.startsWith('@@')) return null
  if (line.length > LONGEST_HEADER) return { anchors: [line.replace(/^@@+/, '').trim()], line: null, counts: null }
  const ranges = RANGES.exec(line)
  if (ranges !== null) {
    const counts = { old: Number(ranges[2] ?? 1), new: Number(ranges[3] ?? 1) }
    return { anchors: anchorsOf(ranges[4] ?? ''), line: Number(ranges[1]), counts }
  }
  const one = ONE_RANGE.exec(line)
  if (one !== null) return { anchors: anchorsOf(one[2] ?? ''), line: Number(one[1]), counts: null }
  return { anchors: anchorsOf(line.replace(/^@@+/, '')), line: null, counts: null }
}

function anchorsOf(text: string): readonly string[] {
  return text
    .split(/(?:^|\s)@@(?=\s|$)/)
    .map((part) => part.trim())
    .filter((part) => /[\p{L}\p{N}]/u.test(part))
}

/** `<<<<<<< SEARCH` with five to nine marks, Aider's older `ORIGINAL`, Cline's `------- SEARCH`; perhaps with a path. */
export function searchStart(line: string): { readonly width: number; readonly path: string | null } | null {
  if (line.length > LONGEST_HEADER) return null
  const match = /^\s*(<{5,9}|-{5,9})\s*(?:SEARCH|ORIGINAL)\b[>:]?\s*(.*?)\s*$/.exec(line)
  if (match === null) return null
  const named = formatPath(match[2] ?? '')
  return { width: match[1]?.length ?? 0, path: looksLikePath(named) ? named : null }
}

/** Width of a `=======` line, 0 for any other line. */
export function dividerWidth(line: string): number {
  return line.length <= LONGEST_HEADER && /^\s*={5,9}\s*$/.test(line) ? line.trim().length : 0
}

export function isReplaceEnd(line: string): boolean {
  if (line.length > LONGEST_HEADER) return false
  return /^\s*(?:>{5,9}|\+{5,9})\s*(?:REPLACE|UPDATED)\b.*$/.test(line) || /^\s*>{5,9}\s*$/.test(line)
}

export interface Fence {
  /** The run of backticks or tildes. */
  readonly marks: string
  readonly info: string
}

/** A Markdown code fence (CommonMark 4.5, any indentation); null for any other line. */
export function fenceLine(line: string): Fence | null {
  if (line.length > LONGEST_HEADER) return null
  const match = /^\s*(`{3,}|~{3,})\s*([^`]*)$/.exec(line)
  return match === null ? null : { marks: match[1] ?? '', info: (match[2] ?? '').trim() }
}

export function closesFence(open: Fence, line: Fence): boolean {
  return line.info === '' && line.marks.charAt(0) === open.marks.charAt(0) && line.marks.length >= open.marks.length
}

/** The path of a `---` or `+++` line of a unified diff, with its `a/` or `b/`; null for any other line. */
export function sidePath(line: string, mark: '---' | '+++'): string | null {
  if (!line.startsWith(`${mark} `) || line.length > LONGEST_HEADER) return null
  const path = formatPath(line.slice(4).replace(/\t.*$/, ''))
  return path === '/dev/null' || looksLikePath(path) ? path : null
}

/** Both paths of a `diff --git` line; null for any other line. */
export function gitPaths(line: string): { readonly from: string; readonly to: string } | null {
  if (!line.startsWith('diff --git ') || line.length > LONGEST_HEADER) return null
  const rest = line.slice('diff --git '.length).trim()
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+)\s+("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest)
  if (quoted !== null) return { from: formatPath(quoted[1] ?? ''), to: formatPath(quoted[2] ?? '') }
  // Paths with spaces are not quoted: where both names are equal, the line has two equal halves.
  const half = (rest.length - 1) / 2
  return { from: rest.slice(0, half), to: rest.slice(half + 1) }
}

/** The lines between `diff --git` and `---` that say nothing about lines of text. */
export function isGitNote(line: string): boolean {
  return /^(?:index |old mode |new mode |similarity index |dissimilarity index )/.test(line)
}

const ESCAPED_BEGIN = /\*\*\* Begin Patch\\n/

/** The lines of a patch that is written as one JSON string (`{"patch": "*** Begin Patch\n…"}`); null when the line holds none. */
export function escapedPatch(line: string): readonly string[] | null {
  const start = line.search(ESCAPED_BEGIN)
  if (start < 0) return null
  const [body = ''] = /^(?:[^"\\]|\\.)*/.exec(line.slice(start)) ?? []
  try {
    const text: unknown = JSON.parse(`"${body.replaceAll('\t', '\\t')}"`)
    return typeof text === 'string' ? text.split('\n') : null
  } catch {
    return null
  }
}
