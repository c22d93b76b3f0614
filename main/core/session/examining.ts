// What is found out about a change as soon as it is read, all at once: its report, what it has broken, and places elsewhere that help.
import type { ChangeReport, PlacedIntent } from '../change-report.ts'
import type { Excerpt } from '../context.ts'
import { focusOnChange } from '../index/questions.ts'
import type { Ports, TextChange } from '../ports.ts'
import { isSecretPath } from '../redact.ts'
import { justBroken } from './broken.ts'
import type { Elsewhere } from './elsewhere.ts'

export interface Examined {
  /** null: it came right after a save, and is a formatter's rewrite of that. */
  readonly report: Promise<ChangeReport | null>
  readonly broken: Promise<PlacedIntent | null>
  related(): Promise<readonly Excerpt[]>
}

/** Begins to look. `follows`: the change came right after a save of the file. Only `report` ever rejects. */
export function examine(
  ports: Pick<Ports, 'syntax' | 'work' | 'clock'>,
  elsewhere: Elsewhere,
  change: TextChange,
  follows: boolean,
  signal: AbortSignal,
): Examined {
  const { path, before, after } = change
  const report = ports.work.run('examine', { path, before, after, follows }, signal)
  if (isSecretPath(path) !== null) return { report, broken: Promise.resolve(null), related: async () => [] }
  return {
    report,
    // A parser that has failed is no reason not to ask.
    broken: justBroken(ports, change, signal).catch(() => null),
    related: elsewhere.relatedTo(() => focusOnChange(path, before, after), signal),
  }
}
