// The projects that the bench works on: files of many small functions, and saves that keep out of each other's way.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { epoch } from './clock.ts'

/** One function and an empty line. */
const LINES_A_FUNCTION = 7
/** Saves of one file closer than 2 s wait for a pause in them by the product's own policy. */
const QUIET_MS = 2200

/** The two places in a file that change: what the person edits, and what a reply proposes to change. */
export interface Edits {
  readonly tag: number
  readonly bound: number
}

export const UNEDITED: Edits = { tag: 0, bound: 0 }

/** At least `lines` lines of functions, all different, so that no edit of one fits another; the one in the middle holds the edits. `word` tells files apart. */
export function sourceFile(lines: number, { tag, bound }: Edits, word = 'step'): string {
  const count = Math.ceil(lines / LINES_A_FUNCTION)
  const middle = middleOf(lines)
  return Array.from({ length: count }, (_, index) => {
    const edited = index === middle
    return [
      `export function step${index}(input${index}: number): number {`,
      `  const label${index} = '${word}-${index}-${edited ? tag : 'fixed'}'`,
      `  const shifted${index} = input${index} + label${index}.length * ${index + 3}`,
      `  if (shifted${index} > ${index * 100 + 99}) throw new RangeError(label${index})`,
      ...(edited ? [returnLine(lines, bound)] : [`  return shifted${index}`]),
      '}',
      '',
    ].join('\n')
  })
    .join('\n')
    .concat('\n')
}

/** A reply whose one hunk takes the file from `bound` to the next one. */
export function replyThatRaises(path: string, lines: number, bound: number): string {
  const middle = middleOf(lines)
  return [
    'Raise the bound to what the label needs.',
    '*** Begin Patch',
    `*** Update File: ${path}`,
    `@@ export function step${middle}(input${middle}: number): number {`,
    `   if (shifted${middle} > ${middle * 100 + 99}) throw new RangeError(label${middle})`,
    `-${returnLine(lines, bound)}`,
    `+${returnLine(lines, bound + 1)}`,
    ' }',
    '*** End Patch',
    '',
  ].join('\n')
}

function middleOf(lines: number): number {
  return Math.floor(Math.ceil(lines / LINES_A_FUNCTION) / 2)
}

function returnLine(lines: number, bound: number): string {
  return `  return Math.max(${bound}, shifted${middleOf(lines)})`
}

/** The model server sends texts in tokens of four characters; a marker is one, and never twice the same. */
export function marker(count: number): string {
  return `m${count.toString(36).padStart(3, '0')}`
}

/** A reply of so many tokens that adds a file, and whose last token is the marker. */
export function replyThatEndsWith(last: string, tokens: number): string {
  const head = 'Add a table.\n*** Begin Patch\n*** Add File: src/table.txt\n'
  const line = '+the quick brown fox jumps over the lazy dog, again\n'
  const length = (tokens - 1) * last.length
  return head
    .concat(line.repeat(Math.ceil(length / line.length)))
    .slice(0, length - 1)
    .concat('\n', last)
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

export interface QuietFile {
  readonly path: string
  readonly edits: Edits
  /** Writes the file with these edits; answers the epoch ms just before the write. */
  save(edits: Edits): number
  /** The whole of it with these edits. */
  source(edits: Edits): string
  /** What stands there, when somebody else wrote. */
  know(edits: Edits): void
}

export interface QuietFiles {
  /** Resolves with the file that was saved longest ago, as soon as that is long enough. */
  next(): Promise<QuietFile>
}

/** Files `src/NAME.ts` under `root`, each with so many lines, written at once. */
export function makeQuietFiles(root: string, names: readonly string[], lines: number): QuietFiles {
  const all = names.map((name) => ({
    name,
    path: `src/${name}.ts`,
    edits: UNEDITED,
    savedAt: Number.NEGATIVE_INFINITY,
  }))
  writeFiles(root, Object.fromEntries(all.map(({ path, name }) => [path, sourceFile(lines, UNEDITED, name)])))
  return {
    async next() {
      const file = all.reduce((oldest, other) => (other.savedAt < oldest.savedAt ? other : oldest))
      const wait = file.savedAt + QUIET_MS - epoch()
      if (wait > 0) await delay(wait)
      return {
        path: file.path,
        edits: file.edits,
        source: (edits) => sourceFile(lines, edits, file.name),
        save(edits) {
          const text = sourceFile(lines, edits, file.name)
          const at = epoch()
          // In one write over the old content, as most editors do; whoever reads in between finds it cut.
          writeFileSync(join(root, file.path), text)
          file.edits = edits
          file.savedAt = at
          return at
        },
        know(edits) {
          file.edits = edits
        },
      }
    },
  }
}
