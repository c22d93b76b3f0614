// Undo and redo of any write, in any order: three-way where the files have changed since, and refused where that conflicts.
import type { Failure, Place, Result } from '../../../preload/contract.ts'
import type { Ports, ReadOutcome } from '../ports.ts'
import type { Applies, AppliedFile, Apply } from './applies.ts'
import type { Baselines } from './baselines.ts'
import type { Queue } from './queue.ts'
import type { Step, Writing } from './writing.ts'

/** Why an undo or redo is refused, with what it would have made of the file, as a unified diff. */
export interface Conflict extends Failure {
  readonly diff: string
}

export type Direction = 'undo' | 'redo'

type Refusal = { readonly ok: false; readonly failure: Failure | Conflict }

export class Undoing {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines
  private readonly applies: Applies
  private readonly writing: Writing
  private readonly signal: AbortSignal

  constructor(
    ports: Ports,
    queue: Queue,
    baselines: Baselines,
    applies: Applies,
    writing: Writing,
    signal: AbortSignal,
  ) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
    this.applies = applies
    this.writing = writing
    this.signal = signal
  }

  /**
   * The named apply, or the last one that can be. Failures: `nothing`; `gone` (its texts are no longer kept, or the file is
   * not there); `conflict` and `exists`, with a diff; those of `Files.read` and `Files.write`.
   */
  async turn(id: string | null, direction: Direction): Promise<Result<{ places: readonly Place[] }>> {
    const apply = this.find(id, direction)
    if (apply === null) return refuse('nothing', direction === 'undo' ? 'nothing to undo' : 'nothing to do again')
    const planned = await this.plan(apply, direction)
    if (!planned.ok) return planned
    const steps = direction === 'undo' ? planned.value.toReversed() : planned.value
    const stored = this.applies.turn(apply.id, direction === 'undo' ? 'undoing' : 'redoing', steps)
    const unwritten = await this.writing.writeAll(apply, steps, stored)
    const journalled = await stored
    if (!journalled.ok) return journalled
    if (unwritten !== null) {
      if (!unwritten.stuck) await this.applies.mark(apply.id, direction === 'undo' ? 'done' : 'undone')
      return { ok: false, failure: unwritten.failure }
    }
    void this.applies.mark(apply.id, direction === 'undo' ? 'undone' : 'done')
    turned(this.ports, this.queue, apply, direction)
    await this.writing.tellWritten(steps)
    return {
      ok: true,
      value: { places: apply.files.map((file, index) => ({ path: file.path, line: apply.lines[index] ?? 1 })) },
    }
  }

  private find(id: string | null, direction: Direction): Apply | null {
    if (direction === 'undo') return id === null ? this.applies.undoable : this.applies.inState(id, 'done')
    return id === null ? this.applies.redoable : this.applies.inState(id, 'undone')
  }

  /** What each file becomes; files in which it stands already are left out. */
  private async plan(apply: Apply, direction: Direction): Promise<Result<readonly Step[]>> {
    const steps: Step[] = []
    for (const file of apply.files) {
      const planned = await this.planFile(file, direction)
      if (!planned.ok) return planned
      if (planned.value !== null) steps.push(planned.value)
    }
    return { ok: true, value: steps }
  }

  private async planFile(
    file: AppliedFile,
    direction: Direction,
  ): Promise<{ readonly ok: true; readonly value: Step | null } | Refusal> {
    const { path, encoding } = file
    const [from, to] = direction === 'undo' ? [file.after, file.before] : [file.before, file.after]
    const options = { formerSize: this.baselines.size(path), ...(encoding === undefined ? {} : { encoding }) }
    const now = await this.ports.files.read(path, options, this.signal)
    if (now.kind === 'skipped') return refuse(now.code, `${path}: ${now.reason}`)
    const stands = now.kind === 'text' ? now.text : null
    const stood = await this.applies.text(from, [stands])
    const next = await this.applies.text(to, [stands])
    if ((from !== null && stood === null) || (to !== null && next === null)) {
      return refuse('gone', `${path}: its other content is no longer kept`)
    }
    if (stands === next) return { ok: true, value: null }
    const made = stands === stood ? { ok: true as const, value: next } : await this.carry(path, stood, next, stands)
    if (!made.ok) return made
    const step: Step = {
      path,
      before: stands,
      after: made.value,
      expected: now.kind === 'text' ? now.hash : null,
      ...encodingFor(now, encoding),
      ...(next === null ? {} : { former: next }),
    }
    return { ok: true, value: step }
  }

  private unified(before: string, after: string): Promise<string> {
    return this.ports.work.run('unified', { before, after }, this.signal)
  }

  /** What the step from `stood` to `next` makes of what somebody has changed since. */
  private async carry(
    path: string,
    stood: string | null,
    next: string | null,
    stands: string | null,
  ): Promise<{ readonly ok: true; readonly value: string } | Refusal> {
    if (stands === null) return refuse('gone', `${path} is not there any more`)
    if (stood === null) {
      const diff = await this.unified(stands, next ?? '')
      return conflict('exists', `something else stands at ${path} now, and would be lost`, diff)
    }
    if (next === null) {
      const diff = await this.unified(stood, stands)
      return conflict('conflict', `${path} was changed since, and that would be lost with the file`, diff)
    }
    const merged = await this.ports.work.run('merge', { base: stood, changed: next, current: stands }, this.signal)
    if (merged.ok) return { ok: true, value: merged.text }
    return conflict('conflict', `${path} was changed since, in the same place: ${merged.reason}`, merged.diff)
  }
}

/** What the queue knows of it: its hunks are undecided again, or accepted again. */
export function turned(ports: Ports, queue: Queue, apply: Apply, direction: Direction): void {
  if (direction === 'undo') {
    for (const suggestion of new Set(apply.hunks.map((hunk) => hunk.suggestion))) {
      queue.dispatch(suggestion, { type: 'undone', apply: apply.id })
    }
    return
  }
  const at = ports.clock.now()
  for (const { suggestion, hunk } of apply.hunks) {
    queue.dispatch(suggestion, { type: 'accepted', hunks: [hunk], apply: apply.id, at, durable: at })
  }
}

/** A file that is plain ASCII now may have lost the letters that told its encoding. */
function encodingFor(now: ReadOutcome, recorded: string | undefined): { readonly encoding?: string } {
  if (now.kind !== 'text') return recorded === undefined ? {} : { encoding: recorded }
  if (recorded === undefined || recorded === now.encoding || now.encoding !== 'utf-8') return { encoding: now.encoding }
  return { encoding: isAscii(now.text) ? recorded : now.encoding }
}

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the whole range is meant
  return /^[\u0000-\u007f]*$/u.test(text)
}

function refuse(code: string, message: string): Refusal {
  return { ok: false, failure: { code, message } }
}

function conflict(code: string, message: string, diff: string): Refusal {
  const failure: Conflict = { code, message, diff }
  return { ok: false, failure }
}
