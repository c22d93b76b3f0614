// A hunk's changed lines to pick from: only the picked ones are accepted, the others stay to be decided.
import { useEffect, useMemo, useRef, useState, type FormEvent } from 'react'
import type { HunkReference, HunkView } from '../preload/contract.ts'
import { useController } from './hooks.ts'
import { pickRows, type PickRow } from './picking.ts'
import { visible } from './visible.ts'

/** Rows are laid out in groups of so many, and only those near the eye. */
const GROUP_ROWS = 200

interface HunkPickProps {
  readonly hunk: HunkView
  readonly reference: HunkReference
  readonly onClose: () => void
}

export function HunkPick({ hunk, reference, onClose }: HunkPickProps) {
  const controller = useController()
  const form = useRef<HTMLFormElement>(null)
  const rows = useMemo(() => pickRows(hunk), [hunk])
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set())
  const [parting, setParting] = useState(false)
  const all = rows.filter(({ index }) => index !== null).length
  const some = picked.size > 0

  useEffect(() => form.current?.querySelector('input')?.focus({ preventScroll: true }), [])

  function toggle(index: number): void {
    const next = new Set(picked)
    if (!next.delete(index)) next.add(index)
    setPicked(next)
  }

  async function accept(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!some) return
    if (picked.size === all) {
      controller.accept([reference])
      return
    }
    setParting(true)
    const parted = await controller.reshaping.acceptLines(reference, picked)
    setParting(false)
    if (parted) onClose()
  }

  const groups = Array.from({ length: Math.ceil(rows.length / GROUP_ROWS) }, (_, at) =>
    rows.slice(at * GROUP_ROWS, (at + 1) * GROUP_ROWS),
  )
  return (
    <form ref={form} className="hunk-pick" onSubmit={(event) => void accept(event)}>
      {groups.map((group, at) => (
        // Groups have no identity but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <ul key={at} className="pick-rows">
          {group.map((row, index) => (
            <Row
              // Nor have rows.
              // oxlint-disable-next-line react/no-array-index-key
              key={index}
              row={row}
              picked={row.index !== null && picked.has(row.index)}
              onToggle={toggle}
            />
          ))}
        </ul>
      ))}
      <div className="hunk-actions">
        <button type="submit" className="primary" data-testid="hunk-pick-accept" disabled={!some || parting}>
          Accept just {picked.size === 1 ? 'this line' : `these ${picked.size || ''} lines`.replace('  ', ' ')}
        </button>
        <button type="button" className="quiet" data-leave="" onClick={onClose}>
          Leave<kbd>Esc</kbd>
        </button>
      </div>
    </form>
  )
}

interface RowProps {
  readonly row: PickRow
  readonly picked: boolean
  readonly onToggle: (index: number) => void
}

function Row({ row, picked, onToggle }: RowProps) {
  const { index, type } = row
  const code = <code>{visible(row.text) || '\u00a0'}</code>
  if (index === null) return <li className="pick-same">{code}</li>
  return (
    <li className={`pick-${type}`}>
      {/* The line is the label. */}
      <label>
        <input
          type="checkbox"
          data-testid="hunk-pick-line"
          data-index={index}
          checked={picked}
          onChange={() => onToggle(index)}
        />
        <span aria-label={type === 'old' ? 'goes:' : 'comes:'}>{type === 'old' ? '\u2212' : '+'}</span>
        {code}
      </label>
    </li>
  )
}
