// The only code that writes to the project: all files of one decision or none, and no save of an editor is lost by it.
import type { Failure, Result } from '../../../preload/contract.ts'
import type { FileWrite, OvertakenSave, Ports } from '../ports.ts'
import type { Applies, Apply, FileTexts } from './applies.ts'
import { placeAgain } from './placing.ts'
import type { Queue } from './queue.ts'

export interface WritingEvents {
  /** This program is about to write the file. */
  writing(path: string, after: string | null): void
  /** It was not written after all. */
  unwritten(path: string): void
  /** This program wrote the file; `after` null: it is gone. */
  written(path: string, before: string | null, after: string | null): Promise<void>
  /** One line that people must see. */
  told?(message: string): void
}

/** What one file is to become. */
export interface Step extends FileTexts {
  /** Hash of the bytes that `before` was read from. */
  readonly expected: string | null
  /** See `FileWrite.former`. */
  readonly former?: string
}

/** Why nothing was written; see `Writing.writeAll`. */
export interface Unwritten {
  readonly failure: Failure
  readonly stuck: boolean
}

/** A rescue that loses a race against the next save looks again this often. */
const ATTEMPTS = 4

export class Writing {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly applies: Applies
  private readonly events: WritingEvents
  private readonly signal: AbortSignal
  /** One decision at a time: two accepts on one file must see each other's result. */
  private turn: Promise<unknown> = Promise.resolve()

  constructor(ports: Ports, queue: Queue, applies: Applies, events: WritingEvents, signal: AbortSignal) {
    this.ports = ports
    this.queue = queue
    this.applies = applies
    this.events = events
    this.signal = signal
  }

  /** Runs when everything that was asked for before is over. */
  exclusive<T>(run: () => Promise<T>): Promise<T> {
    const next = this.turn.then(run, run)
    this.turn = next.catch(() => undefined)
    return next
  }

  /** Runs when the decision under way is answered, before the next one begins. */
  afterwards(run: () => Promise<void>): void {
    this.turn = this.turn.then(run).catch((error) => this.ports.log.error('telling of a write failed', error))
  }

  /** Resolves when no decision is under way. */
  async settled(): Promise<void> {
    await this.turn
  }

  /**
   * All files or none: when a later one fails, the former are taken back. Nothing is touched before the apply is `stored`,
   * and nothing at all when it cannot be. `stuck`: some could not be taken back; then the journal must keep the apply, and the
   * next start tries again.
   */
  async writeAll(apply: Apply, steps: readonly Step[], stored: Promise<Result<null>>): Promise<Unwritten | null> {
    const done: Step[] = []
    const journalled = stored.then(({ ok }) => ok)
    for (const step of steps) {
      const result = await this.put(apply, step, journalled)
      if (!result.ok) return this.takeBack(apply, done, result.failure)
      const { path, before, after, encoding } = step
      const back: Step = { path, before: after, after: before, expected: result.value.hash }
      done.unshift({ ...back, ...(encoding === undefined ? {} : { encoding }), former: before ?? '' })
    }
    return null
  }

  private async takeBack(apply: Apply, steps: readonly Step[], failure: Failure): Promise<Unwritten> {
    const stuck: string[] = []
    for (const step of steps) {
      const result = await this.put(apply, step)
      if (result.ok) this.events.unwritten(step.path)
      else stuck.push(`${step.path} (${result.failure.message})`)
    }
    if (stuck.length === 0) return { failure, stuck: false }
    const message = `${failure.message}. And these could not be taken back: ${stuck.join(', ')}`
    return { failure: { ...failure, message }, stuck: true }
  }

  async tellWritten(steps: readonly Step[]): Promise<void> {
    for (const { path, before, after } of steps) await this.events.written(path, before, after)
    this.queue.projectChanged()
  }

  /** Announced first: the watcher may see the new content before the write returns. */
  private async put(
    apply: Apply,
    step: Step,
    journalled?: Promise<boolean>,
  ): Promise<Result<{ readonly hash: string | null }>> {
    const { path, expected, before, after, encoding, former } = step
    let base = before
    const write: FileWrite = {
      path,
      expected,
      after,
      ...(encoding === undefined ? {} : { encoding }),
      ...(former === undefined ? {} : { former }),
      ...(journalled === undefined ? {} : { journalled }),
      onOvertaken: async (save) => {
        const taken = await this.rescue(save, base, after, apply.id)
        base = save.saved
        return taken
      },
    }
    this.events.writing(path, after)
    const result = await this.ports.files.write(write, this.signal)
    if (!result.ok) this.events.unwritten(path)
    return result
  }

  // ── Saves that came while a file was replaced ──────────────────────────────────────────────────────────────────────

  /**
   * Somebody saved into a file that this program had replaced or deleted a moment before. What was changed from `base` is made
   * in what stands there now. Where that does not fit, the save goes back to its place, and what was applied is undecided
   * again: `wrote` is what this program had written. Answers whether the save is where it belongs.
   */
  private rescue(save: OvertakenSave, base: string | null, wrote: string | null, apply: string): Promise<boolean> {
    return this.exclusive(async () => {
      try {
        for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
          const outcome = await this.rescueOnce(save, base, wrote, apply)
          if (outcome !== 'again') return outcome === 'done'
        }
      } catch (error) {
        this.ports.log.error(`a save of ${save.path} could not be merged`, error)
      }
      return this.leave(save)
    })
  }

  private async rescueOnce(
    save: OvertakenSave,
    base: string | null,
    wrote: string | null,
    apply: string,
  ): Promise<'done' | 'again' | 'left'> {
    const { path, saved } = save
    const now = await this.ports.files.read(path, { formerSize: null }, this.signal)
    if (now.kind === 'skipped') return this.left(save)
    const stands = now.kind === 'text' ? now.text : null
    if (now.kind === 'text' && saved !== null && base !== null) {
      if (now.text === saved) return 'done'
      const merged = await this.ports.work.run('merge', { base, changed: saved, current: now.text }, this.signal)
      if (merged.ok && merged.text === now.text) return 'done'
      if (merged.ok) {
        // Not announced: what comes of it is the person's own change, and the watcher finds it.
        const written = await this.ports.files.write(
          {
            path,
            expected: now.hash,
            after: merged.text,
            encoding: now.encoding,
            former: saved,
            onOvertaken: (next) => this.rescue(next, now.text, merged.text, apply),
          },
          this.signal,
        )
        if (written.ok) return 'done'
        if (written.failure.code === 'changed') return 'again'
      }
    }
    // Somebody has written since, or deleted: theirs stays too.
    if (stands !== wrote) return this.left(save)
    const back = await save.putBack(now.kind === 'text' ? now.hash : null)
    if (!back.ok) return back.failure.code === 'changed' ? 'again' : this.left(save)
    await this.takenBack(path, saved, apply)
    return 'done'
  }

  private left(save: OvertakenSave): 'left' {
    this.leave(save)
    return 'left'
  }

  private leave({ path, kept }: OvertakenSave): false {
    const message = `${path} was saved while it was written; that save could not be merged and stands beside it as ${kept}`
    this.ports.log.error(message, null)
    this.events.told?.(message)
    return false
  }

  /** The editor's content stands there again instead of what was applied. */
  private async takenBack(path: string, text: string | null, id: string): Promise<void> {
    const apply = this.applies.all.find((candidate) => candidate.id === id)
    if (apply?.state === 'done') {
      for (const { suggestion, hunk } of apply.hunks.filter((candidate) => candidate.path === path)) {
        this.queue.dispatch(suggestion, { type: 'overwritten', hunks: [hunk] })
      }
      await this.applies.mark(id, 'overwritten')
    }
    this.events.told?.(
      `${path} was saved at the moment of the write: your save stands, and what was applied is undecided again`,
    )
    if (text !== null) await placeAgain(this.ports, this.queue, path, text, this.signal)
    this.queue.projectChanged()
  }

  /** At start: takes away what a crash has left beside the files, and saves what somebody wrote into old ones. */
  async sweep(): Promise<void> {
    const written = this.applies.all.flatMap((apply) => apply.files.map((file) => file.path))
    // A write that was cut off is in the journal no more once it is settled; its hunks are in the queue still.
    const decided = this.queue.newest().flatMap(({ suggestion }) => suggestion.hunks.map((hunk) => hunk.path))
    const paths = new Set([...written, ...decided])
    await this.ports.files.sweep([...paths], (save, before) => this.rescueLate(save, before), this.signal)
  }

  private async rescueLate(save: OvertakenSave, before: string): Promise<boolean> {
    const apply = this.applies.all.findLast(({ files }) => files.some((file) => file.path === save.path))
    const file = apply?.files.find((candidate) => candidate.path === save.path)
    if (apply === undefined || file === undefined) return this.leave(save)
    // The names of old files hold the hash of their bytes, which for UTF-8 is that of the text.
    const base = [file.before, file.after].includes(before) ? await this.applies.text(before) : null
    const wrote = await this.applies.text(apply.state === 'undone' ? file.before : file.after)
    return this.rescue(save, base, wrote, apply.id)
  }
}
