// What happens on disk, told to everything in the session that stands on it.
import type { FileStat, Ports, TextChange } from '../ports.ts'
import type { Applies } from './applies.ts'
import type { Asking } from './asking.ts'
import type { Baselines } from './baselines.ts'
import type { Conventions } from './conventions.ts'
import { Intake } from './intake.ts'
import type { Memory } from './memory.ts'
import { restoreOverwritten } from './overwritten.ts'
import { placeAgain } from './placing.ts'
import type { ProjectState } from './project.ts'
import type { Queue } from './queue.ts'
import type { When } from './when.ts'
import type { WritingEvents } from './writing.ts'

/** Stands for content that was ours only for a moment; equal to no hash of a file. */
const OVERTAKEN = 'overtaken'
const SWEEP_MS = 30 * 60 * 1000
const NO_STAT: FileStat = { size: 0, modifiedMs: 0, inode: 0 }

/** Who is told. */
export interface DiskParts {
  readonly ports: Ports
  readonly queue: Queue
  readonly baselines: Baselines
  readonly applies: Applies
  readonly asking: Asking
  readonly memory: Memory
  readonly project: ProjectState
  readonly team: Conventions
  readonly when: When
  /** Takes over what nobody waits for. */
  behind(work: Promise<unknown>): void
  /** Writes down what went wrong. */
  failed(error: unknown): void
}

export class Disk {
  /** For the one who writes: own writes never trigger anything. */
  readonly writing: WritingEvents
  private readonly parts: DiskParts
  private readonly intake: Intake
  private readonly signal: AbortSignal
  /** Files that the scan has found and the index has not been told of. */
  private readonly found: string[] = []
  private stopSweep: () => void = () => undefined

  constructor(parts: DiskParts, signal: AbortSignal) {
    const { ports, queue, baselines, asking, memory, project, team, when } = parts
    this.parts = parts
    this.signal = signal
    this.writing = {
      told: (message) => project.quiet(message),
      writing: (path, after) => this.intake.ownWriteBegins(path, after),
      unwritten: (path) => this.intake.ownWriteEnds(path),
      written: (path, before, after) => this.written(path, before, after),
    }
    this.intake = new Intake(
      ports,
      baselines,
      when,
      {
        content: (change) => this.content(change),
        gone: (path) => {
          ports.index.changed(path, false)
          parts.behind(placeAgain(ports, queue, path, null, signal))
          parts.behind(team.content(path, null))
        },
        back: (path, text) => {
          ports.index.changed(path, false)
          parts.behind(placeAgain(ports, queue, path, text, signal))
        },
        renamed: (from, to) => this.renamed(from, to),
        edited: (change) => {
          ports.index.changed(change.path, true)
          memory.record(change, ports.clock.now())
        },
        settled: (change) => parts.behind(asking.changed(change, signal)),
        examine: (change, follows) => {
          const examined = asking.examine(change, follows, signal)
          memory.prepare(change)
          return examined
        },
        firstSight: (path, text, saved) => {
          project.quiet(`first sight of ${path}: nothing asked`)
          ports.index.changed(path, true)
          parts.behind(placeAgain(ports, queue, path, text, signal))
          parts.behind(asking.firstSight(path, text, saved, signal))
          parts.behind(team.content(path, text))
        },
        byGit: () => project.quiet('git has changed files: nothing asked'),
        storm: (files, since) => {
          asking.stopSince(since)
          project.quiet(`${files} files changed at once: nothing asked`)
        },
        skipped: (path, reason) => project.skipped(path, reason),
        unskipped: (path) => project.unskipped(path),
        progress: () => project.baselines(baselines.count),
      },
      signal,
    )
  }

  /** More files changed at once than a person saves. */
  inStorm(at: number): boolean {
    return this.intake.inStorm(at)
  }

  /** Watches until the signal aborts; `likely`: paths that are looked at before all others. */
  watch(likely: Promise<readonly string[]>): void {
    const { ports, project, team, behind } = this.parts
    ports.watch.start(
      {
        hint: (path) => {
          // The handshake goes on while the file is read and compared.
          ports.models.expect()
          this.intake.hint(path)
        },
        seen: (files) => {
          project.seen(files.length)
          this.found.push(...files.map(({ path }) => path))
          this.intake.seen(files)
          team.seen(files)
          // Ignore files or settings have let more files in.
          if (project.watching) behind(this.scanned())
        },
        ready: () => behind(this.scanned()),
        trouble: (message, fatal) => project.trouble(message, fatal),
      },
      this.signal,
      likely,
    )
  }

  private async scanned(): Promise<void> {
    const { project, failed, ports, baselines, team } = this.parts
    project.scanned()
    await this.intake.scan().catch((error) => failed(error))
    if (this.signal.aborted) return
    // Names can wait: a save wants its baseline first.
    ports.index.seen(this.found.splice(0))
    project.baselines(baselines.count)
    await baselines.flush()
    await this.sweep()
    await team.scan().catch((error) => failed(error))
  }

  /** Drops stored texts that nothing refers to any more, now and again. */
  private async sweep(): Promise<void> {
    const { ports, behind, queue, applies } = this.parts
    this.stopSweep()
    this.stopSweep = ports.clock.after(SWEEP_MS, () => behind(this.sweep()))
    const hashes = new Set([...queue.keptHashes(), ...applies.referencedHashes()])
    await ports.store.commit([{ type: 'keepBlobs', hashes: [...hashes] }])
  }

  /** After a restart: where the undecided hunks stand in what is on disk now. */
  async placeAll(): Promise<void> {
    const { queue, ports } = this.parts
    const { signal } = this
    const paths = new Set(queue.newest().flatMap(({ suggestion }) => suggestion.hunks.map((hunk) => hunk.path)))
    for (const path of paths) {
      const content = await ports.files.read(path, { formerSize: null }, signal)
      if (signal.aborted) return
      if (content.kind === 'skipped') continue
      await placeAgain(ports, queue, path, content.kind === 'text' ? content.text : null, signal)
    }
  }

  /** Somebody else's content stands in the file. Answers whether it is worth a question. */
  private async content(change: TextChange): Promise<boolean> {
    const { ports, behind, team, queue, applies } = this.parts
    ports.index.changed(change.path, false)
    behind(team.content(change.path, change.after))
    const overwritten = await restoreOverwritten(ports, queue, applies, change, this.signal)
    await placeAgain(ports, queue, change.path, change.after, this.signal)
    if (overwritten) {
      queue.projectChanged()
      return false
    }
    return true
  }

  private renamed(from: string, to: string): void {
    const { when, queue } = this.parts
    when.renamed(from, to)
    for (const entry of queue.about(from)) {
      queue.dispatch(entry.suggestion.id, { type: 'renamed', from, to })
    }
  }

  /** This program's own write: it never triggers anything. */
  private async written(path: string, before: string | null, after: string | null): Promise<void> {
    const { baselines, ports, memory, queue, team } = this.parts
    const { signal } = this
    if (after === null) baselines.delete(path)
    else {
      const content = await ports.files.read(path, { formerSize: null }, signal)
      const stands = content.kind === 'text' && content.text === after
      baselines.set(path, stands ? content : { text: after, hash: OVERTAKEN, stat: NO_STAT })
      // An editor has written over it already: that is looked at as any other change.
      if (!stands) this.intake.hint(path)
    }
    this.intake.ownWriteEnds(path)
    ports.index.changed(path, true)
    if (before !== null && after !== null) memory.record({ path, before, after }, ports.clock.now())
    await placeAgain(ports, queue, path, after, signal)
    await team.content(path, after)
  }

  close(): void {
    this.intake.close()
    this.stopSweep()
  }
}
