// A stale hunk from its three sides: what it was made for, what stands there now, and what it would have put there.
import type { HunkView } from '../preload/contract.ts'
import { visible } from './visible.ts'

/** More lines than these scroll within their side; so many are painted at all. */
const PAINTED_LINES = 400

export function HunkSides({ hunk, yours }: { readonly hunk: HunkView; readonly yours: readonly string[] }) {
  return (
    <div className="hunk-sides">
      <Side name="Before" testid="side-base" lines={hunk.oldLines} none="nothing stood there" />
      <Side name="Yours, as it stands now" testid="side-yours" lines={yours} none="nothing stands there" />
      <Side name="Suggested" testid="side-theirs" lines={hunk.newLines} none="nothing: the lines go" />
    </div>
  )
}

interface SideProps {
  readonly name: string
  readonly testid: string
  readonly lines: readonly string[]
  /** What to say when there is no line. */
  readonly none: string
}

function Side({ name, testid, lines, none }: SideProps) {
  const rest = lines.length - PAINTED_LINES
  return (
    <section aria-label={name} data-testid={testid}>
      <h3>{name}</h3>
      {lines.length === 0 ? <p>{none}</p> : <pre>{lines.slice(0, PAINTED_LINES).map(visible).join('\n')}</pre>}
      {rest > 0 ? <p>and {rest} more lines</p> : null}
    </section>
  )
}
