// One hunk of a card: a row that can be decided folded or open, and its diff when it is open.
import { memo, useMemo, useRef, useState } from 'react'
import type { HunkReference, HunkView } from '../preload/contract.ts'
import { countLines } from './DiffView.tsx'
import { isClosed } from './beyond.ts'
import { useController } from './hooks.ts'
import { HunkBody, type HunkMode } from './HunkBody.tsx'
import { sentence, visible } from './visible.ts'

interface HunkProps {
  readonly suggestion: string
  readonly hunk: HunkView
  /** Path of the card: a hunk in the same file need not repeat it. */
  readonly cardPath: string
  readonly open: boolean
  readonly inHand: boolean
  /** Its decision is on its way. */
  readonly deciding: boolean
  readonly wide: boolean
}

export const HunkRow = memo(function HunkRow(props: HunkProps) {
  const { suggestion, hunk, cardPath, inHand, deciding, wide } = props
  const closed = isClosed(hunk)
  const open = props.open && !closed
  const controller = useController()
  const toggle = useRef<HTMLButtonElement>(null)
  const counts = useMemo(() => countLines(hunk), [hunk])
  const [mode, setMode] = useState<HunkMode>('diff')
  const [draft, setDraft] = useState<string | null>(null)
  const reference = useMemo(() => ({ suggestion, hunk: hunk.id, hash: hunk.hash }), [suggestion, hunk.id, hunk.hash])
  const place = hunk.state === 'unplaced' ? visible(hunk.path) : `${visible(hunk.path)} line ${hunk.start}`
  const bodyId = `hunk-${suggestion}-${hunk.id}`

  function decide(decision: 'accept' | 'reject'): void {
    controller.take(suggestion, hunk.id)
    if (decision === 'accept' && closed) controller.unfold(reference)
    else controller[decision]([reference])
    // The buttons go with the decision; the keyboard stays on this row. Once it is sent: moving the focus lays out the page.
    toggle.current?.focus({ preventScroll: true })
  }

  function fold(): void {
    if (inHand) controller.fold()
    else {
      controller.take(suggestion, hunk.id)
      // A click on what goes beyond is the deliberate one that shows it.
      if (closed && hunk.state === 'pending') controller.unfold(reference)
    }
  }

  /** Who edits or picks has this hunk in hand. What came of it may be another hunk, so leaving takes nothing. */
  function changeMode(next: HunkMode): void {
    setMode(next)
    if (next === 'diff') toggle.current?.focus({ preventScroll: true })
    else controller.take(suggestion, hunk.id)
  }

  const pending = hunk.state === 'pending'
  const state = hunk.replaced ? 'replaced' : hunk.state
  return (
    <li
      className={`hunk hunk-${deciding ? 'deciding' : state}`}
      data-testid="hunk"
      data-state={hunk.state}
      data-id={hunk.id}
      data-hash={hunk.hash}
      data-open={open}
      data-beyond={hunk.beyond === null ? undefined : hunk.beyond.kind}
      data-in-hand={inHand}
      aria-current={inHand ? 'true' : undefined}
    >
      <div className="hunk-row">
        <button
          ref={toggle}
          type="button"
          className="hunk-toggle"
          aria-expanded={open}
          aria-controls={open ? bodyId : undefined}
          aria-label={`${place}, ${counts.added} added, ${counts.removed} removed, ${state}${hunk.beyond === null ? '' : `, ${visible(hunk.beyond.why)}`}`}
          onClick={fold}
        >
          <span className="caret" aria-hidden="true">
            {open ? '\u25be' : '\u25b8'}
          </span>
          <span className="hunk-place">
            {hunk.path === cardPath ? '' : <span className="path">{visible(hunk.path)}</span>}
            {hunk.state === 'unplaced' ? null : <span className="line-number">:{hunk.start}</span>}
          </span>
          <code className="hunk-summary">{summary(hunk)}</code>
          {hunk.whitespace && hunk.beyond === null ? <span className="tag">white space only</span> : null}
          <span className={counts.added === 1 && counts.removed === 1 ? 'counts counts-line' : 'counts'}>
            {counts.added > 0 ? <span className="added">+{counts.added}</span> : null}
            {counts.removed > 0 ? <span className="removed">{`\u2212${counts.removed}`}</span> : null}
          </span>
        </button>
        {pending && !deciding ? (
          <span className="hunk-decide">
            {open && mode !== 'diff' ? null : (
              <button
                type="button"
                className="accept"
                data-testid="hunk-accept"
                aria-label={closed ? `Unfold to accept ${place}: it goes beyond what you asked` : `Accept ${place}`}
                onClick={() => decide('accept')}
              >
                {closed ? 'Unfold' : hunk.reason === null ? 'Accept' : 'Re-apply'}
                {inHand ? <kbd>a</kbd> : null}
              </button>
            )}
            <button
              type="button"
              data-testid="hunk-reject"
              aria-label={`Reject ${place}`}
              onClick={() => decide('reject')}
            >
              Reject{inHand ? <kbd>r</kbd> : null}
            </button>
          </span>
        ) : (
          <span className={`hunk-state state-${state}`}>{deciding ? 'deciding\u2026' : state}</span>
        )}
      </div>
      {hunk.remark === null ? null : (
        <p className="hunk-remark" data-testid="hunk-remark">
          {visible(hunk.remark)}
        </p>
      )}
      {hunk.reason === null || hunk.replaced ? null : <p className="hunk-reason">{visible(hunk.reason)}</p>}
      {/* The row of the file says it of all of these. */}
      {hunk.beyond === null || hunk.beyond.kind === 'text' ? null : (
        <p className="hunk-reason">{sentence(hunk.beyond.why)}</p>
      )}
      {hunk.problem === null ? null : (
        <p className="hunk-problem" data-testid="hunk-problem">
          {sentence(hunk.problem)}
        </p>
      )}
      {hunk.breaks.map((rule) => (
        <p key={rule} className="hunk-problem" data-testid="hunk-breaks">
          Breaks: {visible(rule)}
        </p>
      ))}
      {hunk.styled.map((style) => (
        <p key={style} className="hunk-remark" data-testid="hunk-styled">
          {sentence(style)}
        </p>
      ))}
      {hunk.state === 'unplaced' && hunk.candidates.length > 0 ? (
        <Candidates reference={reference} path={hunk.path} lines={hunk.candidates} />
      ) : null}
      {open ? (
        <div id={bodyId} data-reshaping={mode === 'diff' ? undefined : mode}>
          <HunkBody
            hunk={hunk}
            reference={reference}
            mode={mode}
            onMode={changeMode}
            draft={draft}
            onDraft={setDraft}
            place={place}
            inHand={inHand}
            deciding={deciding}
            wide={wide}
          />
        </div>
      ) : null}
    </li>
  )
})

/** More places than these are named by their number only. */
const MOST_CANDIDATES = 12

interface CandidatesProps {
  readonly reference: HunkReference
  readonly path: string
  readonly lines: readonly number[]
}

/** Where an unplaced hunk could stand, for the person to say which. */
function Candidates({ reference, path, lines }: CandidatesProps) {
  const controller = useController()
  const more = lines.length - MOST_CANDIDATES
  return (
    <p className="hunk-candidates">
      It could stand at line{' '}
      {lines.slice(0, MOST_CANDIDATES).map((line) => (
        <button
          key={line}
          type="button"
          data-testid="hunk-candidate"
          aria-label={`Put it at ${visible(path)} line ${line}`}
          onClick={() => void controller.reshaping.place(reference, line)}
        >
          {line}
        </button>
      ))}
      {more > 0 ? ` or ${more} more` : ''}
    </p>
  )
}

/** What a folded row says of its hunk: what it does to the file, or its first line that comes (or goes). */
function summary(hunk: HunkView): string {
  if (hunk.kind === 'add') return 'new file'
  if (hunk.kind === 'delete') return 'deletes the file'
  if (hunk.kind === 'move') return `moves to ${visible(hunk.moveTo ?? '')}`
  const telling = (lines: readonly string[], others: readonly string[]): string | undefined =>
    lines.find((line) => line.trim() !== '' && !others.includes(line))
  const line = telling(hunk.newLines, hunk.oldLines) ?? telling(hunk.oldLines, hunk.newLines) ?? ''
  const [old] = hunk.oldLines.length === 1 && hunk.newLines.length === 1 ? hunk.oldLines : []
  return visible((old === undefined ? line.trim() : fromChange(old.trim(), line.trim())).slice(0, 200))
}

/** A row holds few characters beside its buttons: they begin where the change does. */
const KEPT_BEFORE = 8

/** The new line from a little before its first difference on, cut between words. */
function fromChange(old: string, line: string): string {
  let same = 0
  while (same < line.length && line[same] === old[same]) same += 1
  const cut = same <= KEPT_BEFORE ? 0 : line.slice(0, same).search(/[\p{L}\p{N}_$]*$/u)
  return cut <= KEPT_BEFORE ? line : `\u2026${line.slice(cut)}`
}
