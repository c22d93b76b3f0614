// The last writes, newest first: each can be taken back or written again; and what is kept for that.
import type { ApplyView, ProjectView } from '../preload/contract.ts'
import { bytes } from './amounts.ts'
import { useController } from './hooks.ts'
import { Path } from './Path.tsx'
import { visible } from './visible.ts'

export function Applies({ project }: { readonly project: ProjectView }) {
  const { applies, snapshotBytes } = project
  return (
    <section className="applies" data-testid="applies" aria-label="The last writes">
      <ol>
        {applies.map((apply) => (
          <Write key={apply.id} apply={apply} />
        ))}
      </ol>
      <p className="hint">{bytes(snapshotBytes)} kept on this machine, so that writes can be undone.</p>
    </section>
  )
}

function Write({ apply }: { readonly apply: ApplyView }) {
  const controller = useController()
  const { id, paths, what, at } = apply
  const [first = '', ...others] = paths
  const names = `${visible(first)}${others.length > 0 ? ` and ${others.length} more` : ''}`
  return (
    <li data-testid="apply" data-what={what} title={paths.map(visible).join('\n')}>
      <time dateTime={new Date(at).toISOString()}>
        {new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })}
      </time>
      <span className="apply-names">
        <Path path={first} />
        {others.length > 0 ? <span>{`\u00a0and ${others.length} more`}</span> : null}
      </span>
      <span className="apply-what">{what}</span>
      {what === 'applied' ? (
        <button
          type="button"
          className="quiet"
          data-testid="apply-undo"
          aria-label={`Undo the write to ${names}`}
          onClick={() => controller.errands.takeBack(id)}
        >
          Undo
        </button>
      ) : (
        <button
          type="button"
          className="quiet"
          data-testid="apply-redo"
          aria-label={`Write ${names} again`}
          onClick={() => controller.errands.redo(id)}
        >
          Redo
        </button>
      )}
    </li>
  )
}
