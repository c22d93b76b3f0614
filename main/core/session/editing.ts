// Reshaping a hunk by hand before it is accepted: other lines, only some of its lines, or a place for an unplaced one.
import type { HunkReference, Result } from '../../../preload/contract.ts'
import { diffLines } from '../diff.ts'
import { linesIn } from '../line-index.ts'
import { minimalEdits } from '../minimal.ts'
import { applyEdits, type LineEdit } from '../patch.ts'
import type { Ports } from '../ports.ts'
import type { Hunk } from '../review.ts'
import { sameLines } from '../text.ts'
import { flagBroken, type Rules } from './breaking.ts'
import { flagProblems } from './parsing.ts'
import { placeAgain } from './placing.ts'
import type { Entry, Queue } from './queue.ts'
import { refuse } from './refuse.ts'
import { hunkHash } from './view.ts'

type Reshaped = Result<{ readonly hunk: string }>

const NEVER = new AbortController().signal

export class Editing {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly team: Rules

  constructor(ports: Ports, queue: Queue, team: Rules) {
    this.ports = ports
    this.queue = queue
    this.team = team
  }

  /** The hunk's new lines become these. */
  async edit(reference: HunkReference, lines: readonly string[]): Promise<Reshaped> {
    const found = this.find(reference, 'pending')
    if (!found.ok) return found
    const { entry, hunk } = found.value
    if (lines.some((line) => line.includes('\n'))) return refuse('malformed', 'a line cannot hold a line break')
    if (sameLines(hunk.oldLines, lines)) return refuse('nothing', 'that changes nothing: reject it instead')
    // From now on its style is the person's own.
    return this.replace(entry, { ...hunk, styled: [] }, [{ edit: { ...hunk.edit, lines }, base: hunk.base }])
  }

  /**
   * The picked changed lines become a hunk of their own, the rest another one, which is made from the content that the first
   * leaves: so both can be accepted one after the other, even where they insert at the same point. `picked` counts the lines
   * that go, then those that come. A line that goes unpicked stays; one that comes unpicked does not come.
   */
  async split(reference: HunkReference, picked: readonly number[]): Promise<Reshaped> {
    const found = this.find(reference, 'pending')
    if (!found.ok) return found
    const { entry, hunk } = found.value
    const base = hunk.kind === 'update' && hunk.base !== null ? await this.queue.baseText(hunk.base) : null
    if (base === null) return refuse('whole', 'only changes within a file can be parted')
    const lines = pickedLines(hunk.oldLines, hunk.edit.lines, new Set(picked))
    if (sameLines(lines, hunk.oldLines) || sameLines(lines, hunk.edit.lines)) {
      return refuse('whole', 'pick some of its lines, not all and not none')
    }
    const first = { ...hunk.edit, lines }
    const between = this.queue.snapshot(applyEdits(base, [first]))
    const rest = { start: hunk.edit.start, end: hunk.edit.start + lines.length, lines: hunk.edit.lines }
    return this.replace(entry, hunk, [
      ...minimalEdits(linesIn(base), first).map((edit) => ({ edit, base: hunk.base })),
      ...minimalEdits(linesIn(between.text), rest).map((edit) => ({ edit, base: between.hash })),
    ])
  }

  /** Puts an unplaced hunk at one of its candidates (1-based line). */
  async place(reference: HunkReference, line: number): Promise<Reshaped> {
    const found = this.find(reference, 'unplaced')
    if (!found.ok) return found
    const { entry, hunk } = found.value
    const { parsed } = hunk
    if (parsed === null || !hunk.candidates.includes(line)) {
      return refuse('place', 'that is none of the places it could stand at')
    }
    const snapshot = entry.snapshots.get(hunk.path)
    if (snapshot === undefined) return refuse('gone', 'the content that it was made from is no longer known')
    // A candidate is the first line of the hunk, its context included: the locator is asked for this very place.
    const length = parsed.lines.filter(({ kind }) => kind !== '+').length
    const near = { start: line, end: line + Math.max(1, length) }
    const freed = { ...parsed, anchors: [], line: null }
    const job = { text: snapshot.text, hunk: freed, hints: { near, after: null } }
    const outcome = await this.ports.work.run('place', job, NEVER)
    if (!outcome.ok) return refuse('place', outcome.reason)
    if (outcome.edits.some((edit) => edit.start < near.start || edit.end > near.end)) {
      return refuse('place', 'that is none of the places it could stand at')
    }
    const placed = { ...hunk, parsed: null, candidates: [] }
    return this.replace(
      entry,
      placed,
      outcome.edits.map((edit) => ({ edit, base: snapshot.hash })),
    )
  }

  /** A person wants to see what goes beyond what was asked. A second time changes nothing. */
  async unfold(reference: HunkReference): Promise<Reshaped> {
    const found = this.find(reference, 'pending')
    if (!found.ok) return found
    this.queue.dispatch(found.value.entry.suggestion.id, { type: 'unfolded', hunk: reference.hunk })
    await this.queue.flush()
    return { ok: true, value: { hunk: reference.hunk } }
  }

  private find(reference: HunkReference, state: Hunk['state']): Result<{ readonly entry: Entry; readonly hunk: Hunk }> {
    const found = this.queue.hunk(reference.hunk)
    if (found === null) return refuse('gone', 'that hunk is not in the queue any more')
    if (hunkHash(this.ports.hash, found.hunk) !== reference.hash) {
      return refuse('changed', 'that hunk changed while you decided: look again')
    }
    if (found.hunk.state !== state) return refuse(found.hunk.state, `that hunk is ${found.hunk.state}`)
    return { ok: true, value: found }
  }

  /** The hunk gives way to these edits, each of its own base; the first of them is answered. */
  private async replace(
    entry: Entry,
    hunk: Hunk,
    edits: readonly { readonly edit: LineEdit; readonly base: string | null }[],
  ): Promise<Reshaped> {
    const made: Hunk[] = []
    for (const { edit, base } of edits) {
      const text = base === null ? null : await this.queue.baseText(base)
      const oldLines = text === null ? hunk.oldLines : linesIn(text).slice(edit.start - 1, edit.end - 1)
      const id = this.ports.ids.next()
      made.push({
        ...hunk,
        id,
        base,
        edit,
        current: edit,
        oldLines,
        state: 'pending',
        reason: null,
        problem: null,
        breaks: [],
        why: null,
      })
    }
    this.queue.dispatch(entry.suggestion.id, { type: 'reshaped', hunk: hunk.id, hunks: made })
    const content = await this.ports.files.read(hunk.path, { formerSize: null }, NEVER)
    if (content.kind === 'text') await placeAgain(this.ports, this.queue, hunk.path, content.text, NEVER)
    void flagProblems(this.ports, this.queue, entry, made)
    void flagBroken(this.ports, this.queue, this.team, entry, made)
    await this.queue.flush()
    return { ok: true, value: { hunk: made[0]?.id ?? hunk.id } }
  }
}

/**
 * The lines of a hunk with only the picked changes made. Within a run of changed lines the n-th line that comes stands in the
 * place of the n-th that goes.
 */
export function pickedLines(
  oldLines: readonly string[],
  newLines: readonly string[],
  picked: ReadonlySet<number>,
): readonly string[] {
  const lines: string[] = []
  let at = 1
  for (const run of diffLines(oldLines, newLines)) {
    lines.push(...oldLines.slice(at - 1, run.oldStart - 1))
    for (let step = 0; step < Math.max(run.oldEnd - run.oldStart, run.newEnd - run.newStart); step += 1) {
      const goes = run.oldStart + step
      const comes = run.newStart + step
      if (goes < run.oldEnd && !picked.has(goes - 1)) lines.push(oldLines[goes - 1] ?? '')
      if (comes < run.newEnd && picked.has(oldLines.length + comes - 1)) lines.push(newLines[comes - 1] ?? '')
    }
    at = run.oldEnd
  }
  return [...lines, ...oldLines.slice(at - 1)]
}
