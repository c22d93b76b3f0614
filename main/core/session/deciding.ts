// Accept, reject, undo, redo: what a person decides about hunks, and what becomes of the files by it.
import type { Failure, HunkReference, Place, Result } from '../../../preload/contract.ts'
import { applyEdits, overlapping, type LineEdit } from '../patch.ts'
import type { Ports, ReadOutcome, TextContent } from '../ports.ts'
import { isClosed, pendingHunks, type Hunk } from '../review.ts'
import type { Applies, AppliedHunk, Apply } from './applies.ts'
import type { Baselines } from './baselines.ts'
import type { Entry, Queue } from './queue.ts'
import { refuse } from './refuse.ts'
import { rebaseHunks } from './placing.ts'
import { recover } from './recovery.ts'
import { Undoing } from './undoing.ts'
import { hunkHash } from './view.ts'
import { Writing, type Step, type WritingEvents } from './writing.ts'

/** What stands in a file, or that there is none. */
type Standing = Pick<TextContent, 'kind' | 'text' | 'hash' | 'encoding'>
type Absent = Extract<ReadOutcome, { readonly kind: 'absent' }>

interface Chosen {
  readonly entry: Entry
  readonly hunk: Hunk
}

/** What one file is to become, and by which hunks. */
interface Plan extends Step {
  readonly line: number
  readonly hunks: readonly AppliedHunk[]
}

/** Hunks that do not fit what stands in their file. */
interface Unfit {
  readonly ok: false
  readonly failure: Failure
  readonly group: readonly Chosen[]
  readonly reason: string
}

type Planned = Result<readonly Plan[]> | Unfit

/** An accept that loses a race against an editor's save is worked out anew this often. */
const ATTEMPTS = 4

export class Deciding {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines
  private readonly applies: Applies
  private readonly writing: Writing
  private readonly undoing: Undoing
  private readonly signal: AbortSignal

  constructor(
    ports: Ports,
    queue: Queue,
    baselines: Baselines,
    applies: Applies,
    events: WritingEvents,
    signal: AbortSignal,
  ) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
    this.applies = applies
    this.writing = new Writing(ports, queue, applies, events, signal)
    this.undoing = new Undoing(ports, queue, baselines, applies, this.writing, signal)
    this.signal = signal
  }

  accept(references: readonly HunkReference[]): Promise<Result<{ places: readonly Place[] }>> {
    return this.writing.exclusive(() => this.acceptNow(references))
  }

  reject(references: readonly HunkReference[]): Promise<Result<{ places: readonly Place[] }>> {
    return this.writing.exclusive(async () => {
      const chosen = this.choose(references, (hunk) => hunk.state !== 'accepted' && hunk.state !== 'rejected')
      if (!chosen.ok) return chosen
      for (const { entry, hunk } of chosen.value) {
        this.queue.dispatch(entry.suggestion.id, { type: 'rejected', hunks: [hunk.id] })
      }
      await this.queue.flush()
      return { ok: true, value: { places: chosen.value.map(({ hunk }) => placeOf(hunk)) } }
    })
  }

  /**
   * Writes one file that no hunk is about, on a person's word; it can be undone like any write. `change` gets what stands there
   * (null: no file), and answers what is to stand there; null: nothing is written.
   */
  put(path: string, change: (text: string | null) => string | null): Promise<Result<null>> {
    return this.writing.exclusive(async () => {
      for (let attempt = 1; ; attempt += 1) {
        const content = await this.ports.files.read(path, { formerSize: null }, this.signal)
        if (content.kind === 'skipped') return refuse(content.code, `${path}: ${content.reason}`)
        const before = content.kind === 'text' ? content.text : null
        const after = change(before)
        if (after === null || after === before) return { ok: true, value: null }
        const stands =
          content.kind === 'text' ? { expected: content.hash, encoding: content.encoding } : { expected: null }
        const plan: Plan = { path, before, after, ...stands, line: 1, hunks: [] }
        const written = await this.write([plan])
        if (written.ok) {
          this.writtenAll([plan], written.value)
          return { ok: true, value: null }
        }
        if (written.failure.code !== 'changed' || attempt === ATTEMPTS) return written
      }
    })
  }

  /** Takes the named write back, or the last one that can be; see `Undoing.turn`. */
  undo(id: string | null): Promise<Result<{ places: readonly Place[] }>> {
    return this.writing.exclusive(() => this.undoing.turn(id, 'undo'))
  }

  /** Writes again what was undone: the named one, or the last. */
  redo(id: string | null): Promise<Result<{ places: readonly Place[] }>> {
    return this.writing.exclusive(() => this.undoing.turn(id, 'redo'))
  }

  /** Resolves when no decision is under way. */
  settled(): Promise<void> {
    return this.writing.settled()
  }

  /** A decision hits what the person saw: every hunk must still be what was painted. */
  private choose(references: readonly HunkReference[], possible: (hunk: Hunk) => boolean): Result<readonly Chosen[]> {
    const chosen: Chosen[] = []
    for (const reference of references) {
      const found = this.queue.hunk(reference.hunk)
      if (found === null || found.entry.suggestion.id !== reference.suggestion) {
        return refuse('gone', 'that hunk is not in the queue any more')
      }
      if (hunkHash(this.ports.hash, found.hunk) !== reference.hash) {
        return refuse('changed', 'that hunk changed while you decided: look again')
      }
      if (!possible(found.hunk)) {
        return refuse(found.hunk.state, found.hunk.reason ?? `that hunk is ${found.hunk.state}`)
      }
      chosen.push(found)
    }
    return chosen.length === 0 ? refuse('nothing', 'nothing to decide') : { ok: true, value: chosen }
  }

  private async acceptNow(references: readonly HunkReference[]): Promise<Result<{ places: readonly Place[] }>> {
    const chosen = this.choose(references, (hunk) => hunk.state === 'pending')
    if (!chosen.ok) return chosen
    const started = this.ports.clock.now()
    for (let attempt = 0; ; attempt += 1) {
      // What stands there is known as a rule, and where it does not, nothing is written: the first attempt waits for no read.
      const isFromMemory = attempt === 0
      const plans = await this.plan(chosen.value, isFromMemory)
      if (!plans.ok) {
        if (isFromMemory) continue
        return 'group' in plans ? this.stale(plans) : plans
      }
      const written = await this.write(plans.value)
      if (written.ok) {
        this.acceptedAll(chosen.value, plans.value, written.value, started)
        return { ok: true, value: { places: plans.value.map(({ path, line }) => ({ path, line })) } }
      }
      // Somebody saved meanwhile: look at what stands there now.
      const isOvertaken = written.failure.code === 'changed' || (isFromMemory && written.failure.code === 'absent')
      if (!isOvertaken || attempt === ATTEMPTS) return written
    }
  }

  /** Works out what each file becomes, from what stands in it: `isFromMemory`, as far as that is remembered, else read anew. */
  private async plan(chosen: readonly Chosen[], isFromMemory: boolean): Promise<Planned> {
    const paths = [...new Set(chosen.map(({ hunk }) => hunk.path))]
    const plans: Plan[] = []
    for (const path of paths) {
      const group = chosen.filter(({ hunk }) => hunk.path === path)
      const content =
        (isFromMemory ? this.remembered(path) : null) ??
        (await this.ports.files.read(path, { formerSize: this.baselines.size(path) }, this.signal))
      if (content.kind === 'skipped') return refuse(content.code, `${path}: ${content.reason}`)
      const planned = await this.planFile(path, group, content)
      if (!planned.ok) return planned
      plans.push(...planned.value)
    }
    return { ok: true, value: plans }
  }

  private remembered(path: string): Standing | null {
    const known = this.baselines.remembered(path)
    return known === null ? null : { kind: 'text', ...known }
  }

  private async planFile(path: string, group: readonly Chosen[], content: Standing | Absent): Promise<Planned> {
    const add = group.find(({ hunk }) => hunk.kind === 'add')
    if (content.kind === 'absent') {
      if (add === undefined) return unfit(group, path, 'file gone')
      const after = applyEdits('', [add.hunk.edit])
      const hunks = [applied(add, path, add.hunk.edit)]
      return { ok: true, value: [{ path, before: null, expected: null, after, line: 1, hunks }] }
    }
    if (add !== undefined) return unfit(group, path, 'a file of this name exists now')
    const outcomes = await rebaseHunks(
      this.ports,
      this.queue,
      group.map(({ hunk }) => hunk),
      content.text,
      this.signal,
    )
    const hunks: AppliedHunk[] = []
    for (const item of group) {
      const outcome = outcomes.get(item.hunk.id)
      if (outcome?.state !== 'clean') return unfit([item], path, outcome?.reason ?? 'it has no base')
      hunks.push(applied(item, path, outcome.edit))
    }
    const edits = hunks.map(({ edit }) => edit)
    const line = Math.min(...edits.map((edit) => edit.start))
    const { text, hash, encoding } = content
    const before = { path, before: text, expected: hash, encoding, line, hunks }
    if (group.some(({ hunk }) => hunk.kind === 'delete')) return { ok: true, value: [{ ...before, after: null }] }
    const overlap = overlapping(edits)
    if (overlap) return refuse('overlap', `${path}: two of these hunks change the same lines; decide them one by one`)
    const after = applyEdits(text, edits)
    const moveTo = group.find(({ hunk }) => hunk.moveTo !== null)?.hunk.moveTo ?? null
    if (moveTo === null) return { ok: true, value: [{ ...before, after, edits }] }
    return {
      ok: true,
      value: [
        { path: moveTo, before: null, expected: null, after, encoding, former: text, line, hunks: [] },
        { ...before, after: null },
      ],
    }
  }

  private stale({ failure, group, reason }: Unfit): Result<never> {
    for (const { entry, hunk } of group) {
      this.queue.dispatch(entry.suggestion.id, {
        type: 'moved',
        standings: [{ hunk: hunk.id, state: 'stale', reason, yours: null }],
      })
    }
    return { ok: false, failure }
  }

  private async write(plans: readonly Plan[]): Promise<Result<Apply>> {
    const { apply, stored } = this.applies.begin(
      plans,
      plans.flatMap((plan) => plan.hunks),
      plans.map((plan) => plan.line),
    )
    const unwritten = await this.writing.writeAll(apply, plans, stored)
    const journalled = await stored
    if (!journalled.ok) return journalled
    if (unwritten === null) return { ok: true, value: apply }
    if (!unwritten.stuck) await this.applies.drop(apply.id)
    return { ok: false, failure: unwritten.failure }
  }

  private acceptedAll(chosen: readonly Chosen[], plans: readonly Plan[], apply: Apply, started: number): void {
    const durable = this.ports.clock.now()
    for (const { entry, hunk } of chosen) {
      this.queue.dispatch(entry.suggestion.id, {
        type: 'accepted',
        hunks: [hunk.id],
        apply: apply.id,
        at: started,
        durable,
      })
    }
    this.writtenAll(plans, apply)
  }

  private writtenAll(plans: readonly Plan[], apply: Apply): void {
    // The intent is durable and the file is written: a crash from here on is settled at the next start.
    void this.applies.mark(apply.id, 'done')
    // The person has the answer first; the next decision waits for this.
    this.writing.afterwards(() => this.writing.tellWritten(plans))
  }

  /** At start; see recovery.ts. What lies about beside the files is looked for behind it: nothing waits for that. */
  async recover(): Promise<void> {
    await recover(this.ports, this.queue, this.applies, this.signal)
    void this.writing.sweep().catch((error) => {
      if (!this.signal.aborted) this.ports.log.error('looking for what a crash has left failed', error)
    })
  }
}

/** For editors' keymaps: the newest pending hunk that can be accepted as it stands. */
export function newestPending(queue: Queue): Chosen | null {
  for (const entry of queue.newest()) {
    const hunk = pendingHunks(entry.suggestion).find((one) => !isClosed(one))
    if (hunk) return { entry, hunk }
  }
  return null
}

export function placeOf(hunk: Hunk): Place {
  return { path: hunk.path, line: (hunk.current ?? hunk.edit).start }
}

function unfit(group: readonly Chosen[], path: string, reason: string): Unfit {
  return { ...refuse('stale', `${path}: ${reason}; nothing was written`), group, reason }
}

function applied({ entry, hunk }: Chosen, path: string, edit: LineEdit): AppliedHunk {
  return { suggestion: entry.suggestion.id, hunk: hunk.id, path, edit: { ...edit } }
}
