// The hunks of a card; under a row for each file, to accept it as a whole, when they are in several.
import { Fragment } from 'react'
import type { HunkReference, HunkView } from '../preload/contract.ts'
import { acceptable } from './beyond.ts'
import { useController } from './hooks.ts'
import { HunkRow } from './HunkRow.tsx'
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
          {isSingle ? null : <FileRow suggestion={suggestion} hunks={group} deciding={deciding} />}
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

/** Neighbours in one file together. The order stays as it is: it is that of the keys. */
export function byFile(hunks: readonly HunkView[]): readonly (readonly HunkView[])[] {
  const groups: HunkView[][] = []
  for (const hunk of hunks) {
    const last = groups.at(-1)
    if (last?.[0]?.path === hunk.path) last.push(hunk)
    else groups.push([hunk])
  }
  return groups
}

interface FileRowProps {
  readonly suggestion: string
  /** At least one, all in one file. */
  readonly hunks: readonly HunkView[]
  readonly deciding: ReadonlySet<string>
}

function FileRow({ suggestion, hunks, deciding }: FileRowProps) {
  const controller = useController()
  const path = visible(hunks[0]?.path ?? '')
  const pending = hunks.flatMap(({ id, hash, state }): HunkReference[] =>
    state === 'pending' && !deciding.has(id) ? [{ suggestion, hunk: id, hash }] : [],
  )
  // What goes beyond what was asked is unfolded one by one.
  const references = acceptable(hunks, pending)
  return (
    <li className="hunk-file" data-testid="hunk-file" data-path={hunks[0]?.path}>
      <span className="hunk-file-path" title={path}>
        <Path path={hunks[0]?.path ?? ''} />
      </span>
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
        </button>
      )}
    </li>
  )
}
