// Which file a line of a reply names: paths as models write them, taken out of their decoration.

/** Quotes, emphasis and brackets that models put around a path. */
const DECORATION = /^[\s`'"*_<([]+|[\s`'"*_>)\],;:]+$/g
const COMMENT = /^\s*(?:\/\/+|#+|--+|;+|%+|<!--|\/\*+|\*)\s*|\s*(?:-->|\*\/)\s*$/g
const LABEL = /^(?:\d+[.)]\s+|[-*+]\s+)?(?:file ?(?:name|path)?|path|in|edit(?:ing)?|update|create)\s*:?\s+(?=\S)/i
/** A name with a folder or an extension, or one of the well-known names without either. */
const PATHISH = /^(?![a-z]+:\/\/)(?:.*[/\\].*[^/\\\s]|[^/\\]*\.[\w+-]{1,12}|Makefile|Dockerfile|[A-Z]{4,})$/

/**
 * The path as the reply names it: without quotes and without a leading `./`. A leading `/` and `..` are kept: who writes
 * checks that a path stays inside the project.
 */
export function formatPath(text: string): string {
  let path = text.trim()
  const quoted = /^(["'`])(.*)\1$/.exec(path)
  if (quoted !== null) path = quoted[1] === '"' ? unquote(quoted[2] ?? '') : (quoted[2] ?? '')
  while (path.startsWith('./')) path = path.slice(2)
  return path
}

/** Git's C-style quoting: `\t`, `\"`, and bytes of UTF-8 as three octal digits. */
function unquote(text: string): string {
  if (!text.includes('\\')) return text
  const bytes: number[] = []
  const encoder = new TextEncoder()
  for (const part of text.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)) {
    if (part[1] !== undefined) bytes.push(Number.parseInt(part[1], 8) & 255)
    else bytes.push(...encoder.encode(part[2] === undefined ? (part[3] ?? '') : (ESCAPES[part[2]] ?? part[2])))
  }
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

export function looksLikePath(text: string): boolean {
  return text.length <= 300 && PATHISH.test(text)
}

/** The path when the whole line is one, plain or decorated: `src/a.ts`, "**src/a.ts**:", `// src/a.ts`, `### File: src/a.ts`. */
export function pathOfLine(line: string): string | null {
  if (line.length > 400) return null
  const bare = line.replace(COMMENT, '').replace(DECORATION, '').replace(LABEL, '').replace(DECORATION, '')
  if (bare === '') return null
  const single = !/\s/.test(bare)
  const fenced = /^[\s#*\d.]*[`"][^`"]+[`"][*:\s]*$/.test(line)
  return (single && looksLikePath(bare)) || (fenced && looksLikePath(bare)) ? formatPath(bare) : null
}

/** The one path that a sentence names in backticks or as its last word before a colon: "In `src/a.ts`, replace:". */
export function pathInProse(line: string): string | null {
  if (line.length > 2_000) return null
  const ticked = [...line.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? '').filter(looksLikePath)
  const named = new Set(ticked)
  if (named.size === 1) return formatPath(ticked[0] ?? '')
  if (named.size > 1) return null
  const last = /(\S+):\s*$/.exec(line)?.[1]?.replace(DECORATION, '')
  return last !== undefined && looksLikePath(last) ? formatPath(last) : null
}

/** The path in the info string of a code fence: `ts src/a.ts`, `ts:src/a.ts`, `ts title="src/a.ts"`. */
export function pathInFence(info: string): string | null {
  for (const word of info.slice(0, 400).split(/\s+/)) {
    const value = word.replace(/^[\w-]+=/, '').replace(/^[\w+#-]+:(?=.)/, '')
    const bare = value.replace(DECORATION, '')
    if (/[/.]/.test(bare) && looksLikePath(bare)) return formatPath(bare)
  }
  return null
}
