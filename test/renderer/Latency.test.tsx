// The latencies in words: what stands under each chart, whether the chart is there or not.
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { Figure } from '../../renderer/Latency.tsx'

describe('a figure of latencies', () => {
  it('tells median, 95th percentile and how many there are', () => {
    const samples = Array.from({ length: 100 }, (_, index) => index + 1)
    const markup = renderToStaticMarkup(<Figure name="save" samples={samples} />)
    expect(markup).toContain('p50 50 ms \u00b7 p95 95 ms \u00b7 last 100')
  })

  it('says that nothing was measured yet', () => {
    expect(renderToStaticMarkup(<Figure name="save" samples={[]} />)).toContain('save: not measured yet')
  })
})
