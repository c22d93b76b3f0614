// The bottom line: the last write with its undo, the list of the writes before it, and for some seconds the newest word to the person.
import { useEffect, useState } from 'react'
import type { ProjectView } from '../preload/contract.ts'
import { Applies } from './Applies.tsx'
import { Conflict } from './Conflict.tsx'
import { useCell, useController, useStore } from './hooks.ts'
import { Path } from './Path.tsx'
import { sentence, visible } from './visible.ts'

/** How long a word stands, in ms. */
const WORD_MS = 6000

export function UndoBar() {
  const controller = useController()
  const project = useStore('project', (store) => store.project())
  const word = useCell(controller.word, (value) => value)
  const conflict = useCell(controller.errands.conflict, (value) => value)
  const [over, setOver] = useState<typeof word>(null)
  const [listed, setListed] = useState(false)

  useEffect(() => {
    if (word === null) return undefined
    const timer = setTimeout(() => setOver(word), WORD_MS)
    return () => clearTimeout(timer)
  }, [word])

  const stands = word !== null && word !== over
  const writes = project?.applies.length ?? 0
  const undone = project?.applies.some(({ what }) => what === 'undone') ?? false
  return (
    <>
      {conflict === null ? null : <Conflict failure={conflict} />}
      {listed && project !== null ? <Applies project={project} /> : null}
      <div className="undo-bar">
        <p className="word" role="status" aria-live="polite" data-testid="word">
          {stands ? sentence(word.text) : null}
        </p>
        {stands ? null : <LastWrite project={project} />}
        {writes === 0 ? null : (
          <button
            type="button"
            className="quiet"
            data-testid="applies-toggle"
            aria-expanded={listed}
            aria-label={listed ? 'Close the list of writes' : 'All writes'}
            onClick={() => setListed(!listed)}
          >
            {listed ? 'Close' : 'All writes'}
          </button>
        )}
        {undone ? (
          <button type="button" className="quiet" data-testid="redo" onClick={() => controller.errands.redo(null)}>
            Redo<kbd>U</kbd>
          </button>
        ) : null}
        <button
          type="button"
          className="quiet"
          data-testid="undo"
          disabled={(project?.undoable ?? 0) === 0}
          onClick={() => controller.errands.undo()}
        >
          Undo<kbd>u</kbd>
        </button>
      </div>
    </>
  )
}

function LastWrite({ project }: { readonly project: ProjectView | null }) {
  const last = project?.lastApply ?? null
  if (last === null) return <p className="last-write">Nothing written yet</p>
  const { what, paths } = last
  const [first = '', ...others] = paths
  return (
    <p className="last-write" title={paths.map(visible).join('\n')}>
      <span>
        {what}
        {'\u00a0'}
      </span>
      <Path path={first} />
      {others.length > 0 ? <span>{`\u00a0and ${others.length} more`}</span> : null}
    </p>
  )
}
