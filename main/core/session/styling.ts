// Brings what a model proposes into the project's style before it is shown, where parsing proves that its meaning stays.
import { AS_THE_FILE, saidOf, type StyleSource } from '../conventions/style.ts'
import type { Ports } from '../ports.ts'
import type { Hunk } from '../review.ts'
import { sameLines } from '../text.ts'
import type { Entry, Queue } from './queue.ts'

/** Who knows how a file of this project is written. */
export interface Styles {
  stylesFor(path: string): readonly StyleSource[]
}

/** Nobody sees a hunk come so much later, in ms; what is not proved by then is shown as it was written. */
const WAIT_MS = 80

/**
 * The hunks, in the project's style where that could be proved in time, and saying so. The embedded engine repeats the person,
 * and what is folded as mere formatting is shown as it is: both stay as they were written. Never throws.
 */
export async function inStyle(
  ports: Ports,
  queue: Queue,
  team: Styles,
  { suggestion }: Entry,
  hunks: readonly Hunk[],
): Promise<readonly Hunk[]> {
  if (suggestion.lane === 'local') return hunks
  const ending = new AbortController()
  const stop = ports.clock.after(WAIT_MS, () => ending.abort())
  try {
    return await Promise.all(hunks.map((hunk) => styled(ports, queue, team, hunk, ending.signal)))
  } finally {
    stop()
  }
}

async function styled(ports: Ports, queue: Queue, team: Styles, hunk: Hunk, signal: AbortSignal): Promise<Hunk> {
  const { path, kind, base, edit, beyond, current } = hunk
  if ((kind !== 'update' && kind !== 'add') || beyond?.kind === 'format') return hunk
  const styles = team.stylesFor(path).filter((style) => mayDiffer(edit.lines, style))
  if (kind === 'update' && mayBeIndentedOtherwise(hunk)) styles.unshift(AS_THE_FILE)
  if (styles.length === 0) return hunk
  try {
    const text = base === null ? '' : await queue.baseText(base)
    if (text === null || signal.aborted) return hunk
    const asked = styles.map(({ subject, choice, counted }) => ({ subject, choice, counted }))
    const found = await ports.syntax.restyle({ path, text, edit, styles: asked }, signal)
    // What then changes nothing was only about style: that is for the person to see as it is.
    if (found === null || sameLines(found.lines, hunk.oldLines)) return hunk
    const { lines, subjects } = found
    return {
      ...hunk,
      edit: { ...edit, lines },
      current: current === null ? null : { ...current, lines },
      styled: styles.filter(({ subject }) => subjects.includes(subject)).map(saidOf),
    }
  } catch (error) {
    if (!signal.aborted) ports.log.error('bringing a hunk into the project’s style failed', error)
    return hunk
  }
}

/** Whether the lines that come are indented with a sign that no line around them is. */
function mayBeIndentedOtherwise({ before, after, oldLines, edit }: Hunk): boolean {
  const around = [...before, ...oldLines, ...after]
  const isNew = (sign: string): boolean =>
    edit.lines.some((line) => line.startsWith(sign)) && !around.some((line) => line.startsWith(sign))
  const mixed = edit.lines.some((line) => /^\t+ {2}/.test(line))
  return isNew('\t') || isNew('  ') || mixed
}

/** A cheap look, so that mostly nothing is waited for. */
function mayDiffer(lines: readonly string[], { choice }: StyleSource): boolean {
  switch (choice) {
    case 'single quotes':
      return lines.some((line) => line.includes('"'))
    case 'double quotes':
      return lines.some((line) => line.includes("'"))
    case 'semicolons':
      return lines.some((line) => /[^;{},([\s]\s*$/.test(line))
    case 'no semicolons':
      return lines.some((line) => line.includes(';'))
    case 'no trailing commas':
      return lines.some((line) => line.includes(','))
    default:
      return lines.some((line) => /[^;,([\s]\s*$/.test(line))
  }
}
