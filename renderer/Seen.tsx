// "What did it see?": every request of a suggestion, part by part and to the last byte, and what was withheld from it.
import { useEffect, useState } from 'react'
import type { SeenPart, SeenRequest, SeenView } from '../preload/contract.ts'
import { bytes } from './amounts.ts'
import { Dialog } from './Dialog.tsx'
import { useController } from './hooks.ts'
import { sentence, visible } from './visible.ts'

/** Characters of one text that are put into the page at once: as much as is read, and painted within a frame. */
const PAGE = 12_000
/** What one wants to see first; the rest is a key away. */
const OPEN: ReadonlySet<string> = new Set(['region', 'nudge', 'request'])

const KINDS: Readonly<Record<SeenRequest['kind'], string>> = {
  request: 'Request',
  steer: 'Words into the running reply',
  'warm-up': 'Preparation of the connection',
}

interface SeenProps {
  readonly suggestion: string
  /** Another text when there may be more to see. */
  readonly revision: string
  readonly onClose: () => void
}

export function Seen({ suggestion, revision, onClose }: SeenProps) {
  return (
    <Dialog title="What it saw" onClose={onClose}>
      <Loaded key={revision} suggestion={suggestion} />
    </Dialog>
  )
}

function Loaded({ suggestion }: { readonly suggestion: string }) {
  const controller = useController()
  const [seen, setSeen] = useState<SeenView | string | null>(null)
  useEffect(() => {
    let wanted = true
    const load = async (): Promise<void> => {
      const answer = await controller.call('seen', { suggestion })
      if (wanted) setSeen(answer.ok ? answer.value : answer.failure.message)
    }
    void load()
    return () => {
      wanted = false
    }
  }, [controller, suggestion])
  return (
    <div className="seen" data-testid="seen-panel" aria-busy={seen === null}>
      {seen === null ? <p className="hint">Asking…</p> : null}
      {typeof seen === 'string' ? <p role="alert">{sentence(seen)}</p> : null}
      {seen !== null && typeof seen !== 'string' ? <SeenBody seen={seen} /> : null}
    </div>
  )
}

export function SeenBody({ seen }: { readonly seen: SeenView }) {
  const { note, requests, withheld } = seen
  return (
    <>
      {note === null ? null : <p className="hint">{note}</p>}
      {withheld.length === 0 ? null : (
        <section className="seen-withheld" aria-label="Withheld">
          <h3>Withheld</h3>
          <ul>
            {withheld.map(({ what, why }) => (
              <li key={what}>
                <strong>{visible(what)}</strong>: {visible(why)}
              </li>
            ))}
          </ul>
        </section>
      )}
      {requests.map((request, index) => (
        // Requests are only ever appended.
        // oxlint-disable-next-line react/no-array-index-key
        <Request key={index} request={request} number={index + 1} of={requests.length} />
      ))}
    </>
  )
}

function Request({
  request,
  number,
  of,
}: {
  readonly request: SeenRequest
  readonly number: number
  readonly of: number
}) {
  const controller = useController()
  const [raw, setRaw] = useState(false)
  const { body, endpoint, kind, model, parts, sent, tokens, transport } = request
  const count = of > 1 ? ` ${number} of ${of}` : ''
  return (
    <section className="seen-request" data-testid="seen-request" data-kind={kind} data-sent={sent}>
      <h3>
        {KINDS[kind]}
        {count}
        {sent ? null : <span className="tag">not sent: dry run</span>}
      </h3>
      <p className="hint">
        {bytes(request.bytes)}, about {tokens.toLocaleString('en')} tokens, {sent ? 'to' : 'it would go to'}{' '}
        {visible(endpoint)} ({transport === 'http' ? 'HTTP' : 'WebSocket'}), {visible(model)}
        {request.at === null ? '' : `, ${new Date(request.at).toLocaleTimeString()}`}
      </p>
      <p className="seen-actions">
        <button type="button" className="quiet" aria-pressed={raw} onClick={() => setRaw(!raw)}>
          As bytes
        </button>
        <button type="button" className="quiet" onClick={() => void controller.errands.copyText(body)}>
          Copy
        </button>
      </p>
      {raw ? (
        <Text text={body} label="The request as it was sent" />
      ) : (
        parts.map((part, index) => (
          // The parts of a request never change.
          // oxlint-disable-next-line react/no-array-index-key
          <Part key={index} part={part} />
        ))
      )}
    </section>
  )
}

function Part({ part }: { readonly part: SeenPart }) {
  const { known, name, text, tokens } = part
  const [open, setOpen] = useState(OPEN.has(name) && !known)
  return (
    <details
      className="seen-part"
      data-testid="seen-part"
      data-name={name}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span className="seen-name">{name}</span> <span className="seen-place">{placeOf(part)}</span>
        <span className="seen-tokens">
          {known ? 'it had this already' : `about ${tokens.toLocaleString('en')} tokens`}
        </span>
      </summary>
      {open ? <Text text={text} label={name} /> : null}
    </details>
  )
}

/** As much as can be looked at; more of it on request, so that a long text never holds up the window. */
function Text({ text, label }: { readonly text: string; readonly label: string }) {
  const [shown, setShown] = useState(PAGE)
  const left = text.length - shown
  return (
    <>
      {/* It scrolls by itself, so it has to be reachable by key. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="seen-text" tabIndex={0} aria-label={label}>
        {visible(text.slice(0, shown))}
      </pre>
      {left > 0 ? (
        <button type="button" className="quiet" onClick={() => setShown(shown + PAGE)}>
          Show more ({left.toLocaleString('en')} characters left)
        </button>
      ) : null}
    </>
  )
}

function placeOf({ path, start, end }: SeenPart): string {
  if (path === null) return ''
  if (start === null || end === null) return visible(path)
  return end - start <= 1 ? `${visible(path)}:${start}` : `${visible(path)}:${start}\u2013${end - 1}`
}
