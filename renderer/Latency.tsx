// What the latency in the frame opens: two charts, tokens of the last hour, the traces to take away, and who answers what.
import { lazy, Suspense, useEffect, useRef } from 'react'
import type { ProjectView } from '../preload/contract.ts'
import { judgementLine, spendingLine } from './amounts.ts'
import { useController } from './hooks.ts'
import { duration, percentile } from './trace.ts'
import { visible } from './visible.ts'

export function Latency({ project }: { readonly project: ProjectView }) {
  const { latencies, suggestionLatencies, spending, judgement } = project
  const { tokens, budget, exhausted } = spending
  return (
    <>
      <div className="charts">
        <Figure name={'save \u2192 first token painted'} samples={latencies} />
        <Figure name={'save \u2192 suggestion'} samples={suggestionLatencies} />
      </div>
      <p className="judgement" data-testid="judgement">
        {judgementLine(judgement)}
      </p>
      <div className="spending" data-testid="spending">
        <p>
          {spendingLine(spending)}
          {exhausted ? '. Used up.' : ''}
        </p>
        {budget === 0 ? null : (
          <meter aria-label="Budget of the last hour" min={0} max={budget} high={budget * 0.8} value={tokens} />
        )}
        <Export project={project} />
      </div>
    </>
  )
}

/** Made in the page: nothing is asked of the engine, nothing leaves this machine. */
function Export({ project }: { readonly project: ProjectView }) {
  const controller = useController()
  const address = useRef<string | null>(null)
  useEffect(
    () => () => {
      if (address.current !== null) URL.revokeObjectURL(address.current)
    },
    [],
  )

  function save(): void {
    if (address.current !== null) URL.revokeObjectURL(address.current)
    const text = controller.traces.export(project, Date.now())
    address.current = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = address.current
    link.download = 'slipstream-traces.json'
    link.click()
  }

  return (
    <button type="button" className="quiet" data-testid="export-traces" title={visible(project.name)} onClick={save}>
      Export as JSON
    </button>
  )
}

/** Drawn by a library that the first paint of the window does not wait for. */
const Chart = lazy(async () => ({ default: (await import('./Chart.tsx')).Chart }))

/** The numbers stand in words beneath; the picture only shows how they came about. */
export function Figure({ name, samples }: { readonly name: string; readonly samples: readonly number[] }) {
  const middle = percentile(samples, 0.5)
  const high = percentile(samples, 0.95)
  if (middle === null || high === null) {
    return (
      <figure className="chart">
        <figcaption>{name}: not measured yet</figcaption>
      </figure>
    )
  }
  return (
    <figure className="chart">
      <Suspense fallback={<div className="chart-plot" />}>
        <Chart samples={samples} />
      </Suspense>
      <figcaption>
        {name}
        <br />
        <span>
          p50 {duration(middle)} {'\u00b7'} p95 {duration(high)} {'\u00b7'} last {samples.length}
        </span>
      </figcaption>
    </figure>
  )
}
