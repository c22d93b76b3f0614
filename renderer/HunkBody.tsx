// An open hunk: its diff, or the three sides of a stale one, and what can be done with it beside deciding.
import { useState } from 'react'
import type { HunkReference, HunkView } from '../preload/contract.ts'
import { DiffView } from './DiffView.tsx'
import { isEditable } from './drafts.ts'
import { useCell, useController } from './hooks.ts'
import { HunkEdit } from './HunkEdit.tsx'
import { HunkPick } from './HunkPick.tsx'
import { HunkSides } from './HunkSides.tsx'
import { visible } from './visible.ts'

/** What stands in the place of the diff. */
export type HunkMode = 'diff' | 'edit' | 'pick'

/** Picking single lines out of more than these is no work for a person, nor for the page. */
const MOST_PICKED_FROM = 2000

interface HunkBodyProps {
  readonly hunk: HunkView
  readonly reference: HunkReference
  readonly mode: HunkMode
  readonly onMode: (mode: HunkMode) => void
  /** What was typed and not saved, or null. */
  readonly draft: string | null
  readonly onDraft: (draft: string | null) => void
  readonly place: string
  /** It has the focus, so that its keys are live. */
  readonly inHand: boolean
  readonly deciding: boolean
  readonly wide: boolean
}

export function HunkBody(props: HunkBodyProps) {
  const { hunk, reference, mode, onMode, draft, onDraft, place, inHand, deciding, wide } = props
  const controller = useController()
  const pending = hunk.state === 'pending' && !deciding
  const editable = pending && hunk.kind !== 'delete' && isEditable(hunk.newLines)
  const lines = hunk.oldLines.length + hunk.newLines.length
  const partible = pending && hunk.kind === 'update' && lines > 1 && lines <= MOST_PICKED_FROM
  if (editable && mode === 'edit') {
    return <HunkEdit hunk={hunk} reference={reference} draft={draft} onDraft={onDraft} onClose={() => onMode('diff')} />
  }
  if (partible && mode === 'pick') {
    return <HunkPick hunk={hunk} reference={reference} onClose={() => onMode('diff')} />
  }
  return (
    <>
      {hunk.state === 'stale' && hunk.yours !== null ? (
        <HunkSides hunk={hunk} yours={hunk.yours} />
      ) : (
        <DiffView hunk={hunk} wide={wide} />
      )}
      {hunk.why === null ? null : (
        <p className="hunk-why" data-testid="hunk-why-text">
          {visible(hunk.why)}
        </p>
      )}
      <div className="hunk-actions">
        {editable ? (
          <Action
            testid="hunk-edit"
            label={`Edit ${place}`}
            shortcut={inHand ? 'e' : null}
            onClick={() => onMode('edit')}
          >
            {draft === null ? 'Edit' : 'Go on editing'}
          </Action>
        ) : null}
        {partible ? (
          <Action
            testid="hunk-split"
            label={`Pick lines of ${place}`}
            shortcut={inHand ? 's' : null}
            onClick={() => onMode('pick')}
          >
            Pick
          </Action>
        ) : null}
        <Action
          testid="hunk-copy"
          label={`Copy the new lines of ${place}`}
          shortcut={inHand ? 'y' : null}
          onClick={() => controller.errands.copy(reference)}
        >
          Copy
        </Action>
        {hunk.kind === 'add' && hunk.state !== 'accepted' ? null : (
          <Action
            testid="hunk-open"
            label={`In editor: view ${place}`}
            shortcut={inHand ? 'v' : null}
            onClick={() => controller.errands.open(reference)}
          >
            In editor
          </Action>
        )}
        {hunk.why === null && hunk.state !== 'unplaced' ? (
          <Why reference={reference} place={place} inHand={inHand} />
        ) : null}
        {hunk.state === 'stale' ? <AskAgain reference={reference} place={place} /> : null}
      </div>
    </>
  )
}

interface ActionProps {
  readonly testid: string
  readonly label: string
  readonly shortcut: string | null
  readonly onClick: () => void
  readonly children: string
}

function Action({ testid, label, shortcut, onClick, children }: ActionProps) {
  return (
    <button type="button" className="quiet" data-testid={testid} aria-label={label} onClick={onClick}>
      {children}
      {shortcut === null ? null : <kbd>{shortcut}</kbd>}
    </button>
  )
}

/** One question at a time; the same button takes it back. */
function Why({ reference, place, inHand }: Pick<HunkBodyProps, 'reference' | 'place' | 'inHand'>) {
  const controller = useController()
  const asking = useCell(controller.whys.asking, (hunks) => hunks.has(reference.hunk))
  return (
    <Action
      testid="hunk-why"
      label={asking ? `Asking why\u2026 Cancel the question about ${place}` : `Why? Ask about ${place}`}
      shortcut={inHand ? 'w' : null}
      onClick={() => controller.whys.ask(reference)}
    >
      {asking ? 'Asking why\u2026 Cancel' : 'Why?'}
    </Action>
  )
}

/** Once is enough: the button rests while the question is on its way. */
function AskAgain({ reference, place }: { readonly reference: HunkReference; readonly place: string }) {
  const controller = useController()
  const [asking, setAsking] = useState(false)
  async function ask(): Promise<void> {
    setAsking(true)
    await controller.reshaping.askAgain(reference)
    setAsking(false)
  }
  return (
    <button
      type="button"
      className="primary"
      data-testid="hunk-reask"
      aria-label={`Ask again about ${place}, for what stands there now`}
      disabled={asking}
      onClick={() => void ask()}
    >
      Ask again
    </button>
  )
}
