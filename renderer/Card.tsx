// One suggestion: its place, what it says, its stream, its hunks, and what can be done with it.
import { memo, useEffect, useState } from 'react'
import type { SuggestionView } from '../preload/contract.ts'
import { acceptable, isClosed, leftOutLine } from './beyond.ts'
import { hunkKey } from './focus.ts'
import { useCell, useController, useStore } from './hooks.ts'
import { HunkList } from './HunkList.tsx'
import { NotTakenUp } from './NotTakenUp.tsx'
import { NudgeField } from './NudgeField.tsx'
import { Path } from './Path.tsx'
import { Seen } from './Seen.tsx'
import { isRunning } from './store.ts'
import { StreamView } from './StreamView.tsx'
import { traceLine } from './trace.ts'
import { sentence, visible } from './visible.ts'
import { Waterfall } from './Waterfall.tsx'
import { IntentTag, MuteFile } from './When.tsx'

/** While it runs, the Stop button and the stream say so. */
const STATE_WORDS = {
  waiting: '',
  streaming: '',
  interrupted: 'stopped',
  ready: '',
  failed: 'failed',
  superseded: 'superseded',
  empty: 'nothing to change',
} as const satisfies Record<SuggestionView['state'], string>

interface CardProps {
  readonly id: string
  /** Place on the screen; the DOM stays newest first. */
  readonly order: number
  /** Its stream may use a terminal. */
  readonly live: boolean
  readonly newest: boolean
  readonly wide: boolean
}

export const Card = memo(function Card({ id, order, live, newest, wide }: CardProps) {
  const view = useStore(`suggestion:${id}`, (store) => store.suggestion(id))
  return view === null ? null : <CardBody view={view} order={order} live={live} newest={newest} wide={wide} />
})

function CardBody({ view, order, live, newest, wide }: Omit<CardProps, 'id'> & { readonly view: SuggestionView }) {
  const controller = useController()
  const { id, state } = view
  const inHand = useCell(controller.focus, (focus) => focus.suggestion === id)
  const steered = useCell(controller.steered, (card) => card === id)
  const handHunk = useCell(controller.focus, (focus) => (focus.hunk?.suggestion === id ? focus.hunk.hunk : null))
  const folded = useCell(controller.focus, (focus) => focus.folded)
  // Only the decisions about this card's hunks, as a text: the same text is no reason to render.
  const deciding = useCell(controller.deciding, (keys) =>
    keys.size === 0 ? '' : view.hunks.flatMap(({ id: hunk }) => (keys.has(hunkKey(id, hunk)) ? [hunk] : [])).join('\n'),
  )
  const decidingHunks = new Set(deciding.split('\n'))
  const [transcript, setTranscript] = useState(false)
  const [tracing, setTracing] = useState(false)
  const [looking, setLooking] = useState(false)
  const pending = view.hunks.filter((hunk) => hunk.state === 'pending' && !decidingHunks.has(hunk.id))
  const running = isRunning(view)
  const done = !running && pending.length === 0
  // Decided and neither the newest nor in hand: it steps back until it is taken.
  const resting = done && state !== 'failed' && state !== 'interrupted' && !newest && !inHand
  // Where Stop was, a late click on it would take away what had come.
  const dismissedBelow = state === 'interrupted' || state === 'failed'
  const references = pending.map((hunk) => ({ suggestion: id, hunk: hunk.id, hash: hunk.hash }))
  const accepted = acceptable(pending, references)
  const leftOut = leftOutLine(pending.filter(isClosed))
  // The embedded engine says one line, which stands above its hunks: no room for a stream comes and goes.
  const shows = view.lane !== 'local' && (running || state === 'interrupted')
  const said = !shows && controller.transcripts.text(id) !== ''
  // The line that stands in an empty stream has no place in one that goes on.
  const resuming = running && view.trace.firstToken === null && controller.transcripts.text(id) !== ''
  // The embedded engine takes no words.
  const steerable = view.lane !== 'local' && (running || state === 'interrupted' || state === 'ready')
  const trace = traceLine(view.trace)
  usePaintedHunk(view)

  return (
    <article
      className={`card card-${state}${done && !dismissedBelow ? ' card-done' : ''}`}
      data-testid="suggestion"
      data-state={state}
      data-lane={view.lane}
      data-path={view.path}
      data-id={id}
      data-in-hand={inHand}
      aria-label={`Suggestion for ${visible(view.path)}`}
      aria-busy={running}
      style={{ order }}
    >
      <header className="card-head">
        <h2 className="card-place" title={visible(view.path)}>
          <Path path={view.path} />
          <span className="line-number">{range(view)}</span>
        </h2>
        <IntentTag intent={view.intent} />
        <span className="card-lane" title={visible(view.model)}>
          {view.lane}
        </span>
        <span className={`card-state state-${state}`}>{isUnsent(view) ? 'not sent' : STATE_WORDS[state]}</span>
        {running ? (
          <button
            type="button"
            className="stop"
            data-testid="interrupt"
            aria-label={`Stop ${visible(view.path)}`}
            onClick={() => controller.stop(id)}
          >
            <span aria-hidden="true">{'\u25a0'}</span> Stop<kbd>Esc</kbd>
          </button>
        ) : null}
        {done && !dismissedBelow ? <Dismiss id={id} path={view.path} /> : null}
      </header>

      {view.words === null ? null : <p className="card-words">{`\u201c${visible(view.words)}\u201d`}</p>}
      {view.nudges.length === 0 && view.queued.length === 0 ? null : (
        <ol className="card-nudges" aria-label="Nudges">
          {view.nudges.map((nudge, index) => (
            // Nudges are only ever appended.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>{visible(nudge)}</li>
          ))}
          {view.queued.map((nudge, index) => (
            // They leave from the front, and carry no state.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={`queued ${index}`} className="nudge-queued" data-testid="nudge-queued">
              {visible(nudge)} <span className="tag">queued</span>
            </li>
          ))}
        </ol>
      )}
      <p className="explanation" data-testid="explanation">
        {visible(view.explanation)}
      </p>
      {view.explanationRest === null ? null : (
        <details className="explanation-rest">
          <summary>More</summary>
          <p>{visible(view.explanationRest)}</p>
        </details>
      )}
      {view.failure === null ? null : (
        <p className="card-failure" role="alert">
          {sentence(view.failure.message)}
        </p>
      )}
      {view.notes.length === 0 ? null : (
        <ul className="card-notes">
          {view.notes.map((note) => (
            <li key={note}>{sentence(note)}</li>
          ))}
        </ul>
      )}

      {view.hunks.length === 0 ? null : (
        <HunkList
          suggestion={id}
          path={view.path}
          hunks={view.hunks}
          inHand={handHunk}
          open={folded ? null : handHunk}
          deciding={decidingHunks}
          wide={wide}
        />
      )}
      {view.incompleteHunk ? (
        <p className="card-cut" data-testid="incomplete">
          <span className="tag">incomplete</span> The last hunk was cut before it was complete: Continue or a nudge goes
          on from there.
        </p>
      ) : null}

      <StreamView
        suggestion={id}
        mode={shows ? (live ? 'live' : 'shown') : transcript ? 'shown' : 'folded'}
        placeholder={running ? waitingLine(view) : ''}
        running={running}
      />
      {resuming ? <p className="card-thinking">{waitingLine(view)}</p> : null}

      {steerable ? (
        <div className={resting ? 'card-rest' : undefined}>
          <NudgeField suggestion={id} path={view.path} returned={view.returned} />
        </div>
      ) : (
        <Returned place={`${view.path}:${view.start}`} words={view.returned.join('; ')} />
      )}
      <footer className={resting ? 'card-rest' : 'card-foot'}>
        {pending.length > 0 ? (
          <>
            <button
              type="button"
              className="quiet decide-all"
              data-testid="accept-all"
              aria-label={`Accept all of ${visible(view.path)}: ${countOf(accepted.length)}${leftOut === null ? '' : `; ${leftOut}`}`}
              disabled={accepted.length === 0}
              onClick={() => controller.accept(accepted)}
            >
              Accept all{handHunk === null ? null : <kbd>A</kbd>}
            </button>
            <button
              type="button"
              className="quiet"
              data-testid="reject-all"
              aria-label={`Reject all of ${visible(view.path)}: ${countOf(pending.length)}`}
              onClick={() => controller.reject(references)}
            >
              Reject all
            </button>
            {leftOut === null ? null : (
              <span className="left-out" data-testid="left-out">
                {leftOut}
              </span>
            )}
          </>
        ) : null}
        {state === 'failed' ? (
          <button type="button" className="primary" data-testid="retry" onClick={() => controller.retry(id)}>
            Retry
          </button>
        ) : null}
        {steerable && !running ? (
          <button
            type="button"
            className={state === 'interrupted' ? 'primary' : 'quiet'}
            data-testid="continue"
            aria-label={`Continue ${visible(view.path)}`}
            onClick={() => controller.continue(id)}
          >
            Continue{steered ? <kbd>c</kbd> : null}
          </button>
        ) : null}
        {view.lane !== 'deep' && (state === 'ready' || state === 'interrupted' || state === 'empty') ? (
          <button
            type="button"
            className="quiet"
            data-testid="deeper"
            aria-label={`Think deeper about ${visible(view.path)}`}
            onClick={() => controller.deeper(id)}
          >
            Think deeper{steered ? <kbd>d</kbd> : null}
          </button>
        ) : null}
        {view.origin === 'save' && inHand ? <MuteFile path={view.path} /> : null}
        {said ? (
          <button
            type="button"
            className="quiet"
            aria-expanded={transcript}
            aria-label={`What it said about ${visible(view.path)}`}
            onClick={() => setTranscript(!transcript)}
          >
            What it said
          </button>
        ) : null}
        <button
          type="button"
          className="quiet"
          data-testid="seen"
          aria-haspopup="dialog"
          aria-label={`What it saw for ${visible(view.path)}`}
          onClick={() => setLooking(true)}
        >
          What it saw{steered ? <kbd>p</kbd> : null}
        </button>
        {done && dismissedBelow ? <Dismiss id={id} path={view.path} /> : null}
        {/* Always there, so that tests and people find it at the same place; empty before the first token. */}
        <button
          type="button"
          className="quiet trace"
          data-testid="trace"
          aria-expanded={tracing}
          title={trace ?? undefined}
          disabled={trace === null}
          onClick={() => setTracing(!tracing)}
        >
          {trace}
        </button>
      </footer>
      {looking ? (
        <Seen
          suggestion={id}
          revision={`${state} ${view.trace.sent} ${view.nudges.length}`}
          onClose={() => setLooking(false)}
        />
      ) : null}
      {tracing && trace !== null && !resting ? <Waterfall trace={view.trace} usage={view.usage} /> : null}
    </article>
  )
}

function Dismiss({ id, path }: { readonly id: string; readonly path: string }) {
  const controller = useController()
  return (
    <button
      type="button"
      className="quiet dismiss"
      data-testid="dismiss"
      aria-label={`Dismiss ${visible(path)}`}
      onClick={() => controller.dismiss(id)}
    >
      Dismiss
    </button>
  )
}

/** What was said into a reply that is over and takes no words any more. */
function Returned({ place, words }: { readonly place: string; readonly words: string }) {
  const controller = useController()
  if (words === '') return null
  return (
    <NotTakenUp words={words}>
      <button type="button" className="quiet" onClick={() => void controller.ask(words, place)}>
        Ask it anew
      </button>
    </NotTakenUp>
  )
}

function countOf(hunks: number): string {
  return hunks === 1 ? '1 hunk' : `${hunks} hunks`
}

/** A dry run ends without anything having been sent. */
function isUnsent({ lane, state, trace }: SuggestionView): boolean {
  return state === 'empty' && lane !== 'local' && trace.sent === null
}

/** The region as people count lines: both ends are in it. */
function range({ start, end }: SuggestionView): string {
  return end - start <= 1 ? `:${start}` : `:${start}\u2013${end - 1}`
}

function waitingLine(view: SuggestionView): string {
  if (view.waitingFor !== null) return sentence(view.waitingFor)
  const name = visible(view.model) || 'an answer'
  if (view.thinkingMs !== null) return `${name} is thinking, ${Math.round(view.thinkingMs / 1000)} s\u2026`
  return `Waiting for ${name}\u2026`
}

/** A suggestion without a stream (the embedded engine's) is painted when its first hunk is. */
function usePaintedHunk(view: SuggestionView): void {
  const controller = useController()
  const { id, lane } = view
  const silent = view.hunks.length > 0 && view.trace.painted === null
  useEffect(() => {
    if (!silent || (lane !== 'local' && controller.transcripts.text(id) !== '')) return undefined
    const arrivedAt = controller.takeHunkArrival(id)
    if (arrivedAt === null) return undefined
    let second = 0
    const first = requestAnimationFrame(() => {
      second = requestAnimationFrame(() => controller.painted(id, Math.max(0, performance.now() - arrivedAt)))
    })
    return () => {
      cancelAnimationFrame(first)
      cancelAnimationFrame(second)
    }
  }, [controller, id, lane, silent])
}
