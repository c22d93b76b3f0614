// The traces that the window keeps.
import { describe, expect, it } from 'vitest'
import { createTraces } from '../../renderer/traces.ts'
import { NO_TRACE, suggestionView } from './views.ts'

const saved = { ...NO_TRACE, saved: 100, stable: 110, firstHunk: 400 }

describe('traces', () => {
  it('tell a suggestion once, as it was seen last', () => {
    const traces = createTraces()
    traces.record([suggestionView('a', 1, { trace: { ...saved, firstHunk: null } })])
    traces.record([suggestionView('a', 1, { trace: saved })])
    expect(JSON.parse(traces.export(null, 0)).suggestions).toMatchObject([{ trace: { firstHunk: 400 } }])
  })

  it('keep the last 1,000', () => {
    const traces = createTraces()
    for (let at = 0; at < 1001; at += 1) traces.record([suggestionView(`s${at}`, at)])
    const { suggestions } = JSON.parse(traces.export(null, 0))
    expect(suggestions).toHaveLength(1000)
    expect(suggestions[0].id).toBe('s1')
  })

  it('go out as JSON without what models or people said', () => {
    const traces = createTraces()
    traces.record([suggestionView('a', 1, { words: 'a secret wish', explanation: 'a secret', trace: saved })])
    const text = traces.export(null, 0)
    expect(JSON.parse(text)).toMatchObject({ exportedAt: '1970-01-01T00:00:00.000Z', suggestions: [{ trace: saved }] })
    expect(text).not.toContain('secret')
  })
})
