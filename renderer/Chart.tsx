// One live chart of latencies, oldest left: each sample, the median and the 95th percentile. Loaded when it is asked for.
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { duration, percentile } from './trace.ts'

const HEIGHT = 72
/** Room for so many at least: so the chart does not change its scale with each of the first ones. */
const LEAST_SAMPLES = 20
/** px: a single sample would fill the chart. */
const WIDEST_BAR = 8
const AXIS_WIDTH = 52
/** Twice the 95th percentile fills the height at most: one outlier must not flatten all the others. */
const HIGHEST = 2

export interface ChartProps {
  /** ms, oldest first; at least one. */
  readonly samples: readonly number[]
}

/** For the eye only: whoever shows it says the same in words. */
export function Chart({ samples }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)

  useEffect(() => {
    const host = place.current
    if (host === null) return undefined
    const made = new uPlot(optionsFor(host), [[], []], host)
    chart.current = made
    const sizes = new ResizeObserver(() => made.setSize({ width: host.clientWidth, height: HEIGHT }))
    sizes.observe(host)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const recolour = (): void => made.redraw()
    scheme.addEventListener('change', recolour)
    return () => {
      scheme.removeEventListener('change', recolour)
      sizes.disconnect()
      made.destroy()
      chart.current = null
    }
  }, [])

  useEffect(() => chart.current?.setData(dataOf(samples)), [samples])

  return <div ref={place} className="chart-plot" aria-hidden="true" />
}

/** Places on the x axis, the samples, and the two lines, which are as long as the samples go. */
function dataOf(samples: readonly number[]): uPlot.AlignedData {
  const middle = percentile(samples, 0.5)
  const high = percentile(samples, 0.95)
  return [samples.map((_, index) => index + 1), [...samples], samples.map(() => middle), samples.map(() => high)]
}

/** In ms: what the height stands for. */
function tallest(samples: ArrayLike<number | null | undefined>): number {
  const known = Array.from(samples).filter((sample) => typeof sample === 'number')
  return Math.max(1, Math.min(Math.max(...known), HIGHEST * (percentile(known, 0.95) ?? 0)))
}

function optionsFor(host: HTMLElement): uPlot.Options {
  const bars = uPlot.paths.bars?.({ size: [0.7, WIDEST_BAR], align: 0 })
  // Read at each drawing: light and dark may change while the chart is open.
  const colour = (name: string) => (): string => getComputedStyle(host).getPropertyValue(name).trim()
  const line = (name: string, dash: number[]): uPlot.Series => ({
    stroke: colour(name),
    width: 1,
    dash,
    points: { show: false },
  })
  return {
    width: host.clientWidth,
    height: HEIGHT,
    padding: [6, 4, 4, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: false, range: (chart) => [0, Math.max(LEAST_SAMPLES, chart.data[0].length) + 1] },
      y: { range: (chart) => [0, tallest(chart.data[1] ?? [])] },
    },
    axes: [
      { show: false },
      {
        size: AXIS_WIDTH,
        gap: 4,
        space: 20,
        font: '10px system-ui, sans-serif',
        stroke: colour('--muted'),
        grid: { stroke: colour('--line'), width: 1 },
        ticks: { show: false },
        values: (_chart, splits) => splits.map((ms) => duration(ms)),
      },
    ],
    series: [
      {},
      {
        stroke: colour('--accent'),
        fill: colour('--accent'),
        ...(bars === undefined ? {} : { paths: bars }),
        points: { show: false },
      },
      line('--text', []),
      line('--warning', [3, 3]),
    ],
  }
}
