// A hunk's new lines as a text to edit before they are accepted; Esc leaves, what was typed is kept.
import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import type { HunkReference, HunkView } from '../preload/contract.ts'
import { draftOf, linesOfDraft } from './drafts.ts'
import { useController } from './hooks.ts'
import { hasHidden, visible } from './visible.ts'

/** The field is as high as its text, within these numbers of lines. */
const LEAST_ROWS = 2
const MOST_ROWS = 24
/** Lines with hidden characters that are spelled out beneath. */
const SPELLED = 3

interface HunkEditProps {
  readonly hunk: HunkView
  readonly reference: HunkReference
  readonly draft: string | null
  readonly onDraft: (draft: string | null) => void
  readonly onClose: () => void
}

export function HunkEdit({ hunk, reference, draft, onDraft, onClose }: HunkEditProps) {
  const controller = useController()
  const field = useRef<HTMLTextAreaElement>(null)
  const [saving, setSaving] = useState(false)
  const text = draft ?? draftOf(hunk.newLines)
  const lines = linesOfDraft(text)
  const odd = lines.flatMap((line, index) => (hasHidden(line) ? [{ line, number: index + 1 }] : []))
  const hintId = `hunk-edit-hint-${hunk.id}`

  useEffect(() => field.current?.focus({ preventScroll: true }), [])

  async function save(accept: boolean): Promise<void> {
    if (text === draftOf(hunk.newLines)) {
      onDraft(null)
      onClose()
      if (accept) controller.accept([reference])
      return
    }
    setSaving(true)
    const { reshaping } = controller
    const taken = await (accept ? reshaping.acceptEdited(reference, lines) : reshaping.edit(reference, lines))
    setSaving(false)
    if (!taken) return
    onDraft(null)
    onClose()
  }

  function onKeyDown(event: KeyboardEvent): void {
    // Enter alone is a line break: it is code.
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat || saving) return
    event.preventDefault()
    void save(false)
  }

  return (
    <form
      className="hunk-edit"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void save(false)
      }}
    >
      {hunk.oldLines.length === 0 ? null : (
        <pre className="hunk-edit-old" aria-label="The lines that go">
          {hunk.oldLines.map(visible).join('\n')}
        </pre>
      )}
      <textarea
        ref={field}
        data-testid="hunk-edit-text"
        aria-label="The lines that come"
        aria-describedby={hintId}
        rows={Math.min(MOST_ROWS, Math.max(LEAST_ROWS, lines.length + 1))}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        wrap="off"
        value={text}
        readOnly={saving}
        onChange={(event) => onDraft(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {odd.length === 0 ? null : (
        <ul className="hunk-edit-odd" aria-label="Lines with characters that cannot be seen">
          {odd.slice(0, SPELLED).map(({ line, number }) => (
            <li key={number}>
              Line {number}: <code>{visible(line).slice(0, 300)}</code>
            </li>
          ))}
          {odd.length > SPELLED ? <li>and {odd.length - SPELLED} more with characters that cannot be seen</li> : null}
        </ul>
      )}
      <div className="hunk-actions">
        <button type="submit" className="primary" data-testid="hunk-edit-save" disabled={saving}>
          Save<kbd>Ctrl {'\u23ce'}</kbd>
        </button>
        <button
          type="button"
          data-testid="hunk-edit-accept"
          disabled={saving}
          onClick={() => {
            void save(true)
          }}
        >
          Save and accept
        </button>
        <button type="button" className="quiet" data-leave="" onClick={onClose}>
          Leave<kbd>Esc</kbd>
        </button>
        {draft === null ? null : (
          <button type="button" className="quiet" onClick={() => onDraft(null)}>
            Start over
          </button>
        )}
        <span id={hintId} className="hint">
          {lines.length === 0 ? 'No lines: the old ones only go.' : null}
        </span>
      </div>
    </form>
  )
}
