// The scope guard at work on one reply: hunks are parted as they come, and judged again when a later one makes them necessary.
import { linesIn } from '../line-index.ts'
import type { Ports } from '../ports.ts'
import type { Hunk } from '../review.ts'
import { applyEdits } from '../patch.ts'
import type { Parted, Piece, ScopeHunk } from '../scope/scope.ts'
import { sameLines } from '../text.ts'
import { neighbours } from './placing.ts'
import type { Entry, Queue, Snapshot } from './queue.ts'

/** Of a reply with more hunks than these only the last ones are looked at together. */
const MOST_TOGETHER = 60

export class Guard {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly entry: Entry
  /** As the model wrote them, oldest first. */
  private written: (ScopeHunk & { readonly base: string | null })[] = []
  /** The lines of each part as the model wrote them: what is shown may have another style. */
  private readonly lines = new Map<string, readonly string[]>()
  private leftLines = 0

  constructor(ports: Ports, queue: Queue, entry: Entry) {
    this.ports = ports
    this.queue = queue
    this.entry = entry
  }

  /** Changed lines that were left out because nobody asked for another formatting. */
  get left(): number {
    return this.leftLines
  }

  /** The parts of these hunks, which were all made from `snapshot` (null: a new file). The embedded engine is never guarded. */
  async part(hunks: readonly Hunk[], snapshot: Snapshot | null, signal: AbortSignal): Promise<readonly Hunk[]> {
    const { suggestion, change } = this.entry
    if (suggestion.lane === 'local' || hunks.length === 0) return hunks
    const fresh = hunks.map(({ id, path, kind, moveTo, edit, base }) => ({ id, path, kind, moveTo, edit, base }))
    this.written = [...this.written, ...fresh].slice(-Math.max(MOST_TOGETHER, fresh.length))
    const texts: Record<string, string> = {}
    for (const [path, known] of this.entry.snapshots) texts[path] = known.text
    if (snapshot !== null) for (const { path } of fresh) texts[path] = snapshot.text
    const judged = await this.ports.work.run(
      'scope',
      {
        path: suggestion.path,
        region: { start: suggestion.start, end: suggestion.end },
        // Not what the embedded engine wants to know besides: that is many texts.
        change: change === null ? null : { path: change.path, before: change.before, after: change.after },
        words: [...(suggestion.words === null ? [] : [suggestion.words]), ...suggestion.nudges],
        texts,
        hunks: this.written.filter(({ path, base }) => base === null || this.entry.snapshots.get(path)?.hash === base),
      },
      signal,
    )
    this.release(judged.filter(({ id }) => !fresh.some((hunk) => hunk.id === id)))
    return hunks.flatMap((hunk) => {
      const parted = judged.find(({ id }) => id === hunk.id)
      if (parted === undefined) return [hunk]
      this.leftLines += parted.left
      return parted.pieces.map((piece, index) => this.pieceOf(hunk, parted, piece, index, snapshot))
    })
  }

  private pieceOf(hunk: Hunk, parted: Parted, piece: Piece, index: number, snapshot: Snapshot | null): Hunk {
    const beyond = piece.beyond === null ? null : { ...piece.beyond, open: false }
    const id = index === 0 ? hunk.id : this.ports.ids.next()
    this.lines.set(id, piece.edit.lines)
    if (hunk.kind !== 'update' || snapshot === null) return { ...hunk, beyond }
    const base = piece.on === 'text' ? snapshot : this.queue.snapshot(applyEdits(snapshot.text, [parted.plain]))
    const lines = linesIn(base.text)
    const { edit } = piece
    return {
      ...hunk,
      id,
      base: base.hash,
      edit,
      current: edit,
      oldLines: lines.slice(edit.start - 1, edit.end - 1),
      ...neighbours(lines, edit),
      beyond,
    }
  }

  /** What stands folded in another place, and is necessary now that more is known, unfolds. Nothing is ever folded afterwards. */
  private release(judged: readonly Parted[]): void {
    const { suggestion } = this.entry
    const needed: string[] = []
    for (const { id, pieces } of judged) {
      const hunk = this.written.find((one) => one.id === id)
      for (const shown of suggestion.hunks) {
        if (shown.beyond?.kind !== 'place' || shown.path !== hunk?.path || shown.base !== hunk.base) continue
        const lines = this.lines.get(shown.id) ?? shown.edit.lines
        const isNeeded = pieces.some(
          ({ edit, on, beyond }) =>
            on === 'text' &&
            beyond === null &&
            edit.start <= shown.edit.start &&
            edit.end >= shown.edit.end &&
            (sameLines(edit.lines, lines) || edit.lines.join('\n').includes(lines.join('\n'))),
        )
        if (isNeeded) needed.push(shown.id)
      }
    }
    if (needed.length > 0) this.queue.dispatch(suggestion.id, { type: 'needed', hunks: needed })
  }
}
