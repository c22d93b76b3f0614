// A lesson in one line, for people.
import { clipLine } from '../clip.ts'
import type { Lesson } from './lesson.ts'
import type { Part } from './template.ts'
import { contextOf } from './tokens.ts'

const LONGEST = 60

/** `old` → `new`, and in how many places that is proposed. */
export function wordingOf(lesson: Lesson, places: number): string {
  return `${what(lesson)}, ${places} more ${places === 1 ? 'place' : 'places'}`
}

/** With a neighbour where only something came or went; lines of a block are counted. */
function what(lesson: Lesson): string {
  if (lesson.kind === 'block') {
    const [old, fresh] = [linesIn(lesson.old), linesIn(lesson.new)]
    if (lesson.old.length === 0) return `add ${fresh}`
    return lesson.new.length === 0 ? `remove ${old}` : `${old} → ${fresh}`
  }
  if (lesson.kind === 'counting')
    return `${quoted(lesson.by > 0 ? `+${lesson.by}` : String(lesson.by))} for each number that follows`
  if (lesson.kind === 'template' || lesson.kind === 'frame')
    return `${quoted(lettered(lesson.template.old))} → ${quoted(lettered(lesson.template.new))}`
  const [sample] = lesson.samples
  const isOneSided = lesson.old.trim() === '' || lesson.new.trim() === ''
  const before = isOneSided ? (contextOf(sample?.left ?? '', 'left', 1)[0] ?? '') : ''
  const behind = isOneSided ? (contextOf(sample?.right ?? '', 'right', 1)[0] ?? '') : ''
  return `${quoted(before + lesson.old + behind)} → ${quoted(before + lesson.new + behind)}`
}

/** Holes as A, B, C. */
function lettered(parts: readonly Part[]): string {
  const text = parts.map((part) => (typeof part === 'string' ? part : String.fromCharCode(65 + part))).join('')
  return text.replaceAll(/\s*\n\s*/g, ' ⏎ ')
}

function linesIn(lines: readonly string[]): string {
  const [first] = lines.filter((line) => line.trim() !== '')
  return lines.length === 1 || first === undefined
    ? quoted(first ?? '')
    : `${quoted(first)} and ${lines.length - 1} more ${lines.length === 2 ? 'line' : 'lines'}`
}

function quoted(text: string): string {
  return `\`${clipLine(text.trim(), LONGEST)}\``
}
