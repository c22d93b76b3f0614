// Templates of whole lines: edits of several lines with holes for what differs from place to place.
import { isBlank } from '../indent.ts'
import { matchesIn, templateOf, type Template } from './template.ts'
import { isWord, tokensOf } from './tokens.ts'

/**
 * As `templateOf`, of whole lines without their common indentation. null also for lines of which none comes or none goes, and
 * for a single line that becomes another: that is an edit within a line.
 */
export function blockTemplateOf(old: readonly string[], fresh: readonly string[]): Template | null {
  if (old.length === 0 || fresh.length === 0 || old.length + fresh.length < 3) return null
  const indent = indentOf(old)
  const [before, after] = [dedented(old, indent), dedented(fresh, indent)]
  if (before === null || after === null) return null
  return templateOf({ old: before.join('\n'), new: after.join('\n'), right: '' }, true)
}

/** The new lines for these, at their indentation, when the template of a block fits them from end to end; otherwise null. */
export function blockMatch(template: Template, old: readonly string[]): readonly string[] | null {
  const indent = indentOf(old)
  const text = dedented(old, indent)?.join('\n')
  const [found] = text === undefined ? [] : matchesIn(template, text)
  if (text === undefined || found?.from !== 0 || text.slice(found.to).trim() !== '' || found.fresh === text) return null
  // An operand that is spread over lines would bring its own indentation with it.
  if (found.holes.some((hole) => hole.includes('\n'))) return null
  return found.fresh.split('\n').map((line) => (isBlank(line) ? line : indent + line))
}

/** The longest word of a block's old side, the row in which it stands (0-based), and how many rows there are. */
export function needleInBlock(template: Template): {
  readonly word: string
  readonly row: number
  readonly height: number
} {
  let needle = { word: '', row: 0 }
  let row = 0
  for (const token of template.old.flatMap((part) => (typeof part === 'string' ? tokensOf(part) : []))) {
    if (isWord(token) && token.length > needle.word.length) needle = { word: token, row }
    row += token.split('\n').length - 1
  }
  return { ...needle, height: row + 1 }
}

function indentOf(lines: readonly string[]): string {
  return /^\s*/.exec(lines[0] ?? '')?.[0] ?? ''
}

/** null when a line stands less deep. */
function dedented(lines: readonly string[], indent: string): readonly string[] | null {
  if (lines.some((line) => !isBlank(line) && !line.startsWith(indent))) return null
  return lines.map((line) => (isBlank(line) ? '' : line.slice(indent.length)))
}
