// Accept, reject, undo: the only code that writes to the project, and only what a person decided.
import type { Failure, HunkReference, Place, Result } from '../../../preload/contract.ts'
import { applyEdits, type LineEdit } from '../patch.ts'
import type { FileWrite, Ports, ReadOutcome } from '../ports.ts'
import { pendingHunks, type Hunk } from '../review.ts'
import type { Applies, AppliedHunk, Apply, FileTexts } from './applies.ts'
import type { Baselines } from './baselines.ts'
import type { Entry, Queue } from './queue.ts'
import { rebaseHunks } from './placing.ts'
import { hunkHash } from './view.ts'

export interface DecidingEvents {
  /** This program is about to write the file. */
  writing(path: string, after: string | null): void
  /** It was not written after all. */
  unwritten(path: string): void
  /** This program wrote the file; `after` null: it is gone. */
  written(path: string, before: string | null, after: string | null): Promise<void>
}

interface Chosen {
  readonly entry: Entry
  readonly hunk: Hunk
}

/** What one file is to become, and by which hunks. */
interface Plan {
  readonly path: string
  readonly before: string | null
  /** Hash of the bytes that `before` was read from. */
  readonly expected: string | null
  readonly after: string | null
  readonly line: number
  readonly hunks: readonly AppliedHunk[]
}

/** An accept that loses a race against an editor's save is worked out anew this often. */
const ATTEMPTS = 4

export class Deciding {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly baselines: Baselines
  private readonly applies: Applies
  private readonly events: DecidingEvents
  private readonly signal: AbortSignal
  /** One decision at a time: two accepts on one file must see each other's result. */
  private turn: Promise<unknown> = Promise.resolve()

  constructor(
    ports: Ports,
    queue: Queue,
    baselines: Baselines,
    applies: Applies,
    events: DecidingEvents,
    signal: AbortSignal,
  ) {
    this.ports = ports
    this.queue = queue
    this.baselines = baselines
    this.applies = applies
    this.events = events
    this.signal = signal
  }

  accept(references: readonly HunkReference[]): Promise<Result<{ places: readonly Place[] }>> {
    return this.exclusive(() => this.acceptNow(references))
  }

  reject(references: readonly HunkReference[]): Promise<Result<{ places: readonly Place[] }>> {
    return this.exclusive(async () => {
      const chosen = this.choose(references, (hunk) => hunk.state !== 'accepted' && hunk.state !== 'rejected')
      if (!chosen.ok) return chosen
      for (const { entry, hunk } of chosen.value) {
        this.queue.dispatch(entry.suggestion.id, { type: 'rejected', hunks: [hunk.id] })
      }
      await this.queue.flush()
      return { ok: true, value: { places: chosen.value.map(({ hunk }) => placeOf(hunk)) } }
    })
  }

  undo(): Promise<Result<{ places: readonly Place[] }>> {
    return this.exclusive(() => this.undoNow())
  }

  /** Resolves when no decision is under way. */
  async settled(): Promise<void> {
    await this.turn
  }

  private exclusive<T>(run: () => Promise<T>): Promise<T> {
    const next = this.turn.then(run, run)
    this.turn = next.catch(() => undefined)
    return next
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
    for (let attempt = 1; ; attempt += 1) {
      const plans = await this.plan(chosen.value)
      if (!plans.ok) return plans
      const written = await this.write(plans.value)
      if (written.ok) {
        await this.acceptedAll(chosen.value, written.value, started)
        return { ok: true, value: { places: plans.value.map(({ path, line }) => ({ path, line })) } }
      }
      // Somebody saved between our read and our rename: look at what stands there now.
      if (written.failure.code !== 'changed' || attempt === ATTEMPTS) return written
    }
  }

  /** Reads each file anew and works out what it becomes; a hunk that does not fit any more is marked stale. */
  private async plan(chosen: readonly Chosen[]): Promise<Result<readonly Plan[]>> {
    const paths = [...new Set(chosen.map(({ hunk }) => hunk.path))]
    const plans: Plan[] = []
    for (const path of paths) {
      const group = chosen.filter(({ hunk }) => hunk.path === path)
      const content = await this.ports.files.read(path, { formerSize: this.baselines.size(path) }, this.signal)
      if (content.kind === 'skipped') return refuse(content.code, `${path}: ${content.reason}`)
      const planned = await this.planFile(path, group, content)
      if (!planned.ok) return planned
      plans.push(...planned.value)
    }
    return { ok: true, value: plans }
  }

  private async planFile(
    path: string,
    group: readonly Chosen[],
    content: Exclude<ReadOutcome, { kind: 'skipped' }>,
  ): Promise<Result<readonly Plan[]>> {
    const add = group.find(({ hunk }) => hunk.kind === 'add')
    if (content.kind === 'absent') {
      if (add === undefined) return this.stale(group, path, 'file gone')
      const after = applyEdits('', [add.hunk.edit])
      const hunks = [applied(add, path, add.hunk.edit)]
      return { ok: true, value: [{ path, before: null, expected: null, after, line: 1, hunks }] }
    }
    if (add !== undefined) return this.stale(group, path, 'a file of this name exists now')
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
      if (outcome?.state !== 'clean') return this.stale([item], path, outcome?.reason ?? 'it has no base')
      hunks.push(applied(item, path, outcome.edit))
    }
    const edits = hunks.map(({ edit }) => edit)
    const line = Math.min(...edits.map((edit) => edit.start))
    const before = { path, before: content.text, expected: content.hash, line, hunks }
    if (group.some(({ hunk }) => hunk.kind === 'delete')) return { ok: true, value: [{ ...before, after: null }] }
    const overlap = overlapping(edits)
    if (overlap) return refuse('overlap', `${path}: two of these hunks change the same lines; decide them one by one`)
    const after = applyEdits(content.text, edits)
    const moveTo = group.find(({ hunk }) => hunk.moveTo !== null)?.hunk.moveTo ?? null
    if (moveTo === null) return { ok: true, value: [{ ...before, after }] }
    return {
      ok: true,
      value: [
        { path: moveTo, before: null, expected: null, after, line, hunks: [] },
        { ...before, after: null },
      ],
    }
  }

  private stale(group: readonly Chosen[], path: string, reason: string): Result<never> {
    for (const { entry, hunk } of group) {
      this.queue.dispatch(entry.suggestion.id, {
        type: 'moved',
        standings: [{ hunk: hunk.id, state: 'stale', reason }],
      })
    }
    return refuse('stale', `${path}: ${reason}; nothing was written`)
  }

  /** All files or none: when a later one fails, the former are taken back. */
  private async write(plans: readonly Plan[]): Promise<Result<Apply>> {
    const begun = await this.applies.begin(
      plans,
      plans.flatMap((plan) => plan.hunks),
      plans.map((plan) => plan.line),
    )
    if (!begun.ok) return begun
    const done: { plan: Plan; hash: string | null }[] = []
    for (const plan of plans) {
      const result = await this.put(plan)
      if (!result.ok) {
        for (const { plan: former, hash } of done.reverse()) {
          await this.put({ path: former.path, expected: hash, after: former.before })
          this.events.unwritten(former.path)
        }
        await this.applies.drop(begun.value.id)
        return result
      }
      done.push({ plan, hash: result.value.hash })
    }
    return begun
  }

  /** Announced first: the watcher may see the new content before the write returns. */
  private async put(write: FileWrite): Promise<Result<{ readonly hash: string | null }>> {
    const { path, expected, after } = write
    this.events.writing(path, after)
    const result = await this.ports.files.write({ path, expected, after }, this.signal)
    if (!result.ok) this.events.unwritten(path)
    return result
  }

  private async acceptedAll(chosen: readonly Chosen[], apply: Apply, started: number): Promise<void> {
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
    // The intent is durable and the file is written: a crash from here on is settled at the next start.
    void this.applies.mark(apply.id, 'done')
    await this.tellWritten(apply, 'after')
  }

  private async tellWritten(apply: Apply, side: 'before' | 'after'): Promise<void> {
    const other = side === 'after' ? 'before' : 'after'
    for (const file of apply.files) {
      await this.events.written(file.path, await this.applies.text(file[other]), await this.applies.text(file[side]))
    }
    this.queue.projectChanged()
  }

  private async undoNow(): Promise<Result<{ places: readonly Place[] }>> {
    const apply = this.applies.undoable
    if (apply === null) return refuse('nothing', 'nothing to undo')
    const writes: (FileTexts & { expected: string | null })[] = []
    for (const file of apply.files) {
      const after = await this.applies.text(file.after)
      const before = await this.applies.text(file.before)
      if ((file.before !== null && before === null) || (file.after !== null && after === null)) {
        return refuse('gone', `${file.path}: the former content is no longer kept`)
      }
      const now = await this.ports.files.read(file.path, { formerSize: this.baselines.size(file.path) }, this.signal)
      const stands = now.kind === 'text' ? now.text : null
      if (now.kind === 'skipped' || stands !== after) {
        return refuse('changed', `${file.path} changed since it was applied: undo refused`)
      }
      writes.push({ path: file.path, before, after, expected: now.kind === 'text' ? now.hash : null })
    }
    const failure = await this.applies.mark(apply.id, 'undoing')
    if (failure) return { ok: false, failure }
    const done: { write: (typeof writes)[number]; hash: string | null }[] = []
    for (const write of writes.toReversed()) {
      const { path, expected, before: after } = write
      const result = await this.put({ path, expected, after })
      if (!result.ok) {
        for (const former of done.reverse()) {
          await this.put({ path: former.write.path, expected: former.hash, after: former.write.after })
          this.events.unwritten(former.write.path)
        }
        await this.applies.mark(apply.id, 'done')
        return result
      }
      done.push({ write, hash: result.value.hash })
    }
    void this.applies.mark(apply.id, 'undone')
    this.pendingAgain(apply)
    await this.tellWritten(apply, 'before')
    return {
      ok: true,
      value: { places: apply.files.map((file, index) => ({ path: file.path, line: apply.lines[index] ?? 1 })) },
    }
  }

  private pendingAgain(apply: Apply): void {
    for (const suggestion of new Set(apply.hunks.map((hunk) => hunk.suggestion))) {
      this.queue.dispatch(suggestion, { type: 'undone', apply: apply.id })
    }
  }

  /**
   * At start: an intent whose file holds the new content was written, one whose file holds the old content was not. Anything
   * else was changed by somebody since: the write is taken for done, so that nothing is offered twice by guess.
   */
  async recover(): Promise<void> {
    for (const apply of this.applies.all.slice()) {
      if (apply.state !== 'intent' && apply.state !== 'undoing') continue
      const [untouched, touched] =
        apply.state === 'intent' ? (['before', 'after'] as const) : (['after', 'before'] as const)
      const sides = await Promise.all(apply.files.map((file) => this.sideOf(file, untouched, touched)))
      const nothingWritten = sides.every((side) => side === 'untouched')
      // Several files and a crash in between: the files already written are taken back, so that it is all or nothing.
      if (!nothingWritten && sides.includes('untouched')) await this.takeBack(apply, sides, untouched, touched)
      const happened = !nothingWritten && !sides.includes('untouched')
      if (apply.state === 'intent' && happened) {
        await this.applies.mark(apply.id, 'done')
        this.acceptRecovered(apply)
      } else if (apply.state === 'intent') await this.applies.drop(apply.id)
      else {
        await this.applies.mark(apply.id, happened ? 'undone' : 'done')
        if (happened) this.pendingAgain(apply)
      }
    }
  }

  private acceptRecovered(apply: Apply): void {
    const at = this.ports.clock.now()
    for (const { suggestion, hunk } of apply.hunks) {
      this.queue.dispatch(suggestion, { type: 'accepted', hunks: [hunk], apply: apply.id, at, durable: at })
    }
  }

  private async sideOf(
    file: Apply['files'][number],
    untouched: 'before' | 'after',
    touched: 'before' | 'after',
  ): Promise<'untouched' | 'touched' | 'other'> {
    const now = await this.ports.files.read(file.path, { formerSize: null }, this.signal)
    const hash = now.kind === 'text' ? this.ports.hash.text(now.text) : null
    if (hash === file[untouched]) return 'untouched'
    return hash === file[touched] ? 'touched' : 'other'
  }

  private async takeBack(
    apply: Apply,
    sides: readonly ('untouched' | 'touched' | 'other')[],
    untouched: 'before' | 'after',
    touched: 'before' | 'after',
  ): Promise<void> {
    for (const [index, file] of apply.files.entries()) {
      if (sides[index] !== 'touched') continue
      const now = await this.ports.files.read(file.path, { formerSize: null }, this.signal)
      const text = await this.applies.text(file[untouched])
      if (file[untouched] !== null && text === null) continue
      if (file[touched] !== null && now.kind !== 'text') continue
      const expected = now.kind === 'text' ? now.hash : null
      await this.ports.files.write({ path: file.path, expected, after: text }, this.signal)
    }
  }
}

/** For editors' keymaps: the hunk in focus, else the newest pending one. */
export function newestPending(queue: Queue): Chosen | null {
  for (const entry of queue.newest()) {
    const hunk = pendingHunks(entry.suggestion)[0]
    if (hunk) return { entry, hunk }
  }
  return null
}

export function placeOf(hunk: Hunk): Place {
  return { path: hunk.path, line: (hunk.current ?? hunk.edit).start }
}

function applied({ entry, hunk }: Chosen, path: string, edit: LineEdit): AppliedHunk {
  return { suggestion: entry.suggestion.id, hunk: hunk.id, path, edit: { ...edit } }
}

function refuse(code: string, message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code, message } }
}

function overlapping(edits: readonly LineEdit[]): boolean {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end)
  return sorted.some((edit, index) => {
    const next = sorted[index + 1]
    return next !== undefined && (next.start < edit.end || (next.start === edit.start && next.end === edit.end))
  })
}
