// A hunk's lines as one text to edit, and back: every list of lines has its own text, also an empty one and blank lines.

/** No lines are the empty text; n blank lines alone are n line breaks; else lines stand between line breaks. */
export function draftOf(lines: readonly string[]): string {
  return lines.length > 0 && lines.every((line) => line === '') ? '\n'.repeat(lines.length) : lines.join('\n')
}

/** The inverse of `draftOf`. */
export function linesOfDraft(text: string): readonly string[] {
  if (text === '') return []
  return /^\n+$/.test(text) ? Array.from(text, () => '') : text.split('\n')
}

/** A text field turns these into line breaks, so such lines would not come back as they were. */
export function isEditable(lines: readonly string[]): boolean {
  return !lines.some((line) => line.includes('\r'))
}
