// What is not offered unasked: what was rejected at this place before, and what would undo the person's own last change.
import type { LineChange } from '../line-change.ts'
import { linesIn } from '../line-index.ts'
import type { Ports, Rejected, StoreOperation, TextChange } from '../ports.ts'
import type { Hunk, Suggestion } from '../review.ts'
import { sameLines } from '../text.ts'
import type { Entry } from './queue.ts'

const PREFIX = 'rejected/'
/** Rejections that are remembered; the oldest are forgotten. */
const KEEP = 2_000
/** Rejected echoes that the embedded engine learns from. */
const KEEP_ECHOES = 100

export class Offering {
  private readonly ports: Ports
  /** Epoch ms by fingerprint, oldest first. */
  private readonly rejected = new Map<string, number>()
  private echoes: readonly Rejected[] = []
  /** Each hunk of a reply is held against the same change. */
  private readonly compared = new WeakMap<TextChange, Promise<readonly LineChange[]>>()

  constructor(ports: Ports) {
    this.ports = ports
  }

  async load(): Promise<void> {
    const found: [string, number][] = []
    for (const [key, value] of await this.ports.store.rows('meta')) {
      if (key.startsWith(PREFIX) && typeof value === 'number') found.push([key.slice(PREFIX.length), value])
    }
    for (const [key, at] of found.sort((a, b) => a[1] - b[1])) this.rejected.set(key, at)
  }

  /** A person said no to these hunks, here. */
  remember(found: readonly { readonly entry: Entry; readonly hunk: Hunk }[]): void {
    const echoes = found.filter(({ entry }) => entry.suggestion.lane === 'local')
    const edits = echoes.map(({ hunk: { path, current, edit, oldLines } }) => ({
      path,
      ...(current ?? edit),
      oldLines,
    }))
    this.echoes = [...this.echoes, ...edits].slice(-KEEP_ECHOES)
    const operations: StoreOperation[] = []
    for (const { hunk } of found) {
      const key = this.fingerprint(hunk)
      const at = this.ports.clock.wall()
      this.rejected.delete(key)
      this.rejected.set(key, at)
      operations.push({ type: 'put', table: 'meta', key: PREFIX + key, value: at })
    }
    for (const key of this.rejected.keys()) {
      if (this.rejected.size <= KEEP) break
      this.rejected.delete(key)
      operations.push({ type: 'delete', table: 'meta', key: PREFIX + key })
    }
    void this.ports.store.commit(operations)
  }

  /** Oldest first. What they were learnt from is believed less, as long as this runs. */
  rejectedEchoes(): readonly Rejected[] {
    return this.echoes
  }

  /** Those of the hunks that may be shown. What a person asked for in words is always shown. */
  async allowed(entry: Entry, hunks: readonly Hunk[], signal: AbortSignal): Promise<readonly Hunk[]> {
    if (isAsked(entry.suggestion)) return hunks
    const fresh = hunks.filter((hunk) => hunk.kind !== 'update' || !this.rejected.has(this.fingerprint(hunk)))
    const undoing = await this.undoing(entry, fresh, signal)
    return fresh.filter((hunk) => !undoing.has(hunk.id))
  }

  /** Hunks that put back, line for line, what stood in one place before the change that is asked about. */
  private async undoing(entry: Entry, hunks: readonly Hunk[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const { change, suggestion } = entry
    // The embedded engine never touches a line that the change wrote: its hunks need not wait for a comparison.
    if (suggestion.lane === 'local') return new Set()
    const own = hunks.filter((hunk) => hunk.kind === 'update' && hunk.path === change?.path)
    const asked = change === null ? undefined : entry.snapshots.get(change.path)
    if (change === null || own.length === 0 || asked?.text !== change.after) return new Set()
    const changes = await this.changesOf(change, signal)
    const before = linesIn(change.before)
    const undone = own.filter((hunk) =>
      changes.some((run) => {
        const old = before.slice(run.oldStart - 1, run.oldEnd - 1)
        return (
          hunk.base === asked.hash &&
          run.newStart === hunk.edit.start &&
          run.newEnd === hunk.edit.end &&
          sameLines(old, hunk.edit.lines)
        )
      }),
    )
    return new Set(undone.map((hunk) => hunk.id))
  }

  private changesOf(change: TextChange, signal: AbortSignal): Promise<readonly LineChange[]> {
    const known = this.compared.get(change)
    if (known !== undefined) return known
    const { before, after } = change
    const found = this.ports.work.run('diff', { before, after }, signal).then(({ changes }) => changes)
    this.compared.set(change, found)
    found.catch(() => this.compared.delete(change))
    return found
  }

  /** The same edit between the same lines; white space does not count. Once its surroundings change it is another place. */
  private fingerprint(hunk: Hunk): string {
    const normalised = [hunk.before, hunk.oldLines, hunk.edit.lines, hunk.after].map((lines) =>
      lines.map((line) => line.trim().replaceAll(/\s+/g, ' ')),
    )
    return this.ports.hash.text(JSON.stringify([hunk.path, ...normalised]))
  }
}

function isAsked(suggestion: Suggestion): boolean {
  const { origin, nudges } = suggestion
  return origin === 'ask' || origin === 'deeper' || nudges.length > 0
}
