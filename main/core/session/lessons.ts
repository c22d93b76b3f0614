// What a person's decisions and words say about the team's conventions, told to the one who learns from them.
import type { HunkReference, Result } from '../../../preload/contract.ts'
import type { Decision } from '../conventions/learn.ts'
import type { Conventions } from './conventions.ts'
import type { Queue } from './queue.ts'

export class Lessons {
  private readonly queue: Queue
  private readonly team: Conventions
  /** What a hunk proposed before the person edited it, by the id of what came of it. */
  private readonly proposed = new Map<string, readonly string[]>()

  constructor(queue: Queue, team: Conventions) {
    this.queue = queue
    this.team = team
  }

  /**
   * Decides about these hunks, and learns from it when the decision stands. The embedded engine only repeats the person: its
   * hunks teach nothing.
   */
  async from<Value>(
    hunks: readonly HunkReference[],
    kind: 'accepted' | 'rejected',
    decide: () => Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    // A decision changes hunks: what was decided about has to be read before.
    const decisions = hunks.flatMap(({ hunk }) => this.decision(hunk, kind))
    const result = await decide()
    if (result.ok) this.team.decided(decisions)
    return result
  }

  private decision(id: string, kind: 'accepted' | 'rejected'): readonly Decision[] {
    const found = this.queue.hunk(id)
    if (found === null || found.entry.suggestion.lane === 'local' || found.hunk.kind !== 'update') return []
    const { hunk, entry } = found
    const about = { suggestion: entry.suggestion.id, path: hunk.path, line: (hunk.current ?? hunk.edit).start }
    const proposed = this.proposed.get(id)
    if (kind === 'accepted' && proposed !== undefined)
      return [{ ...about, kind: 'edited', proposed, kept: hunk.edit.lines }]
    return [{ ...about, kind, oldLines: hunk.oldLines, newLines: hunk.edit.lines }]
  }

  /** A person edits this hunk: what it proposed is kept until what came of it is decided. */
  async editing(
    hunk: string,
    edit: () => Promise<Result<{ readonly hunk: string }>>,
  ): Promise<Result<{ readonly hunk: string }>> {
    const before = this.proposed.get(hunk) ?? this.queue.hunk(hunk)?.hunk.edit.lines
    const result = await edit()
    if (!result.ok || before === undefined) return result
    for (const id of this.proposed.keys()) if (this.queue.hunk(id) === null) this.proposed.delete(id)
    this.proposed.set(result.value.hunk, before)
    return result
  }

  /** A person said how a suggestion should have been. */
  nudged(suggestion: string, words: string): void {
    const about = this.queue.get(suggestion)?.suggestion
    if (about === undefined) return
    this.team.decided([{ kind: 'nudged', suggestion, path: about.path, line: about.start, words }])
  }
}
