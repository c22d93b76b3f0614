// What the latency in the frame opens: two charts, tokens of the last hour, the traces to take away, and who answers what.
import { useEffect, useRef } from 'react'
import type { ProjectView } from '../preload/contract.ts'
import { judgementLine, spendingLine } from './amounts.ts'
import { useController, useStore } from './hooks.ts'
import { duration, percentile } from './trace.ts'
import { visible } from './visible.ts'

export function Latency({ project }: { readonly project: ProjectView }) {
  const controller = useController()
  // New traces come with the list.
  useStore('list', (store) => store.suggestions())
  const toSuggestion = controller.traces.toSuggestion()
  const { latencies, spending, judgement } = project
  const { tokens, budget, exhausted } = spending
  return (
    <>
      <div className="charts">
        <Chart name={'save \u2192 first token painted'} samples={latencies} />
        <Chart name={'save \u2192 suggestion'} samples={toSuggestion} />
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

const CHART_HEIGHT = 40
const BAR_WIDTH = 4
const SAMPLES = 100

/** One bar a sample, oldest left, and a line for the median and the 95th percentile; twice the latter fills the height at most. */
function Chart({ name, samples }: { readonly name: string; readonly samples: readonly number[] }) {
  const middle = percentile(samples, 0.5)
  const high = percentile(samples, 0.95)
  if (middle === null || high === null) {
    return (
      <figure className="chart">
        <figcaption>{name}: not measured yet</figcaption>
      </figure>
    )
  }
  const tallest = Math.max(1, Math.min(Math.max(...samples), high * 2))
  const top = (ms: number): number => CHART_HEIGHT - Math.max(1, Math.min(1, ms / tallest) * CHART_HEIGHT)
  const width = SAMPLES * BAR_WIDTH
  const label = `${name}, last ${samples.length}: p50 ${duration(middle)}, p95 ${duration(high)}`
  return (
    <figure className="chart">
      <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${CHART_HEIGHT}`} preserveAspectRatio="none">
        {samples.slice(-SAMPLES).map((sample, index) => (
          <rect
            // Bars have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            x={index * BAR_WIDTH}
            y={top(sample)}
            width={BAR_WIDTH - 1}
            height={CHART_HEIGHT - top(sample)}
          />
        ))}
        {[middle, high].map((ms, index) => (
          <line
            key={index === 0 ? 'p50' : 'p95'}
            className={index === 0 ? 'chart-middle' : 'chart-high'}
            x1={0}
            x2={width}
            y1={top(ms)}
            y2={top(ms)}
          />
        ))}
      </svg>
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
