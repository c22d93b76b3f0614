// An undo or redo that was refused, with what stands in its way: the diff that it would have made over somebody's newer lines.
import type { Failure } from '../preload/contract.ts'
import { useController } from './hooks.ts'
import { visible } from './visible.ts'

/** More lines than these are not painted: who needs them opens the file. */
const PAINTED_LINES = 400

export function Conflict({ failure }: { readonly failure: Failure }) {
  const controller = useController()
  const lines = (failure.diff ?? '').split('\n')
  const rest = lines.length - PAINTED_LINES
  return (
    <section className="conflict" data-testid="conflict" aria-label="Why it was refused">
      <p>
        {visible(failure.message)}; nothing was written.
        <button
          type="button"
          className="quiet"
          data-testid="conflict-close"
          onClick={() => controller.errands.conflict.set(null)}
        >
          Close
        </button>
      </p>
      <pre tabIndex={0} aria-label="What it would have changed">
        {lines.slice(0, PAINTED_LINES).map((line, at) => (
          <span key={at} data-line={kindOf(line)}>
            {`${visible(line)}\n`}
          </span>
        ))}
      </pre>
      {rest > 0 ? <p className="hint">and {rest} more lines</p> : null}
    </section>
  )
}

function kindOf(line: string): 'added' | 'removed' | 'place' | 'same' {
  if (line.startsWith('@@')) return 'place'
  return line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same'
}
