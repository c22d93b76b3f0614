// Whether a change has just broken a file's syntax: asked beside everything else, and never waited for for long.
import type { PlacedIntent } from '../change-report.ts'
import type { Ports, TextChange } from '../ports.ts'

/** Longer texts take longer to parse than a save may wait; UTF-16 units. */
const LONGEST = 60_000
/** So long the request waits for the first look, which nearly always finds nothing. */
const PATIENCE_MS = 10

/**
 * The first place at which the text after the change does not parse, when all of it did before; null when it parses, did not
 * parse before either, or is not known in time.
 */
export async function justBroken(
  ports: Pick<Ports, 'syntax' | 'work' | 'clock'>,
  { path, before, after }: TextChange,
  signal: AbortSignal,
): Promise<PlacedIntent | null> {
  if (after.length > LONGEST || before.length > LONGEST) return null
  const now = await inTime(ports, ports.syntax.problems(path, after, signal))
  const place = now?.places[0]
  if (place === undefined) return null
  const former = await ports.syntax.problems(path, before, signal)
  if (former === null || former.count > 0) return null
  const region = await ports.work.run('enclose', { text: after, line: place.line }, signal)
  const what = place.missing === null ? 'something unexpected' : `${place.missing} is missing`
  return { marker: { line: place.line, kind: 'syntax', text: `line ${place.line}: ${what}` }, region }
}

async function inTime<T>({ clock }: Pick<Ports, 'clock'>, answer: Promise<T>): Promise<T | null> {
  let stop: () => void = () => undefined
  const late = new Promise<null>((resolve) => {
    stop = clock.after(PATIENCE_MS, () => resolve(null))
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    stop()
  }
}
