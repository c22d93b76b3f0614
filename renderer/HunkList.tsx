// The hunks of a card; under a row for each file, to accept it as a whole, when they are in several.
import { Fragment } from 'react'
import type { HunkReference, HunkView } from '../preload/contract.ts'
import { acceptable, isClosed } from './beyond.ts'
import { useController } from './hooks.ts'
import { HunkRow } from './HunkRow.tsx'
import { byFile, isTextual } from './groups.ts'
import { Path } from './Path.tsx'
import { visible } from './visible.ts'

interface HunkListProps {
  readonly suggestion: string
  /** Path of the card. */
  readonly path: string
  readonly hunks: readonly HunkView[]
  /** The hunk in hand, and the one that is open. */
  readonly inHand: string | null
  readonly open: string | null
  /** Ids of those whose decision is on its way. */
  readonly deciding: ReadonlySet<string>
  readonly wide: boolean
}

export function HunkList({ suggestion, path, hunks, inHand, open, deciding, wide }: HunkListProps) {
  const groups = byFile(hunks)
  const isSingle = groups.length === 1
  return (
    <ul className="hunks" aria-label={`Hunks for ${visible(path)}`}>
      {groups.map((group) => (
        <Fragment key={group[0]?.id}>
          {isSingle && !isTextual(group[0]) ? null : (
            <FileRow
              suggestion={suggestion}
              hunks={group}
              deciding={deciding}
              inHand={group.some(({ id }) => id === inHand)}
            />
          )}
          {group.map((hunk) => (
            <HunkRow
              key={hunk.id}
              suggestion={suggestion}
              hunk={hunk}
              cardPath={isSingle ? path : hunk.path}
              open={open === hunk.id}
              inHand={inHand === hunk.id}
              deciding={deciding.has(hunk.id)}
              wide={wide}
            />
          ))}
        </Fragment>
      ))}
    </ul>
  )
}

interface FileRowProps {
  readonly suggestion: string
  /** The hunk in hand is one of these. */
  readonly inHand: boolean
  /** At least one, all in one file. */
  readonly hunks: readonly HunkView[]
  readonly deciding: ReadonlySet<string>
}

function FileRow({ suggestion, hunks, deciding, inHand }: FileRowProps) {
  const controller = useController()
  const path = visible(hunks[0]?.path ?? '')
  const pending = hunks.flatMap(({ id, hash, state }): HunkReference[] =>
    state === 'pending' && !deciding.has(id) ? [{ suggestion, hunk: id, hash }] : [],
  )
  // What goes beyond what was asked is unfolded one by one.
  const references = acceptable(hunks, pending)
  const closed = hunks.filter(isClosed).flatMap(({ id }) => pending.filter(({ hunk }) => hunk === id))
  const isText = isTextual(hunks[0])
  return (
    <li className="hunk-file" data-testid="hunk-file" data-path={hunks[0]?.path}>
      <span className="hunk-file-path" title={path}>
        <Path path={hunks[0]?.path ?? ''} />
      </span>
      {isText ? <span className="tag">strings, comments</span> : null}
      {isText && closed.length > 1 ? (
        <button
          type="button"
          className="quiet"
          data-testid="file-unfold"
          aria-label={`Unfold ${closed.length} in strings and comments of ${path}`}
          onClick={() => controller.unfold(...closed)}
        >
          Unfold {closed.length}
        </button>
      ) : null}
      {/* A single one has its own button, right beneath. */}
      {references.length < 2 ? null : (
        <button
          type="button"
          className="quiet"
          data-testid="file-accept"
          aria-label={`Accept ${references.length} in this file, ${path}`}
          onClick={() => controller.accept(references)}
        >
          Accept {references.length} in this file
          {inHand ? <kbd>f</kbd> : null}
        </button>
      )}
    </li>
  )
}
