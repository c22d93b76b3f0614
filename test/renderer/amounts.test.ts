// Bytes, tokens and dollars for people.
import { describe, expect, it } from 'vitest'
import { bytes, dollars, judgementLine, spendingLine, usageLine } from '../../renderer/amounts.ts'

describe('bytes', () => {
  it('have a unit that keeps the number short', () => {
    expect([12, 2048, 3_500_000].map(bytes)).toEqual(['12 B', '2 KB', '3.3 MB'])
  })
})

describe('dollars', () => {
  it('keep digits that tell something, also of very little', () => {
    expect([12.345, 0.0421, 0.00045].map(dollars)).toEqual(['about $12.35', 'about $0.042', 'about $0.00045'])
  })
})

describe('usageLine', () => {
  it('tells tokens, those cached, the rate and the cost', () => {
    expect(usageLine({ input: 1200, cached: 1024, output: 100, cost: 0.002, estimated: false }, 200)).toBe(
      '1,200 tokens in (1,024 of them cached) · 100 out · 200 tokens/s · about $0.00200',
    )
  })

  it('says about of what was estimated', () => {
    const usage = { input: 1200, cached: 0, output: 100, cost: null, estimated: true }
    expect(usageLine(usage, null)).toBe('about 1,200 tokens in \u00b7 100 out')
    const spending = { tokens: 1300, cost: null, budget: 0, exhausted: false, estimated: true }
    expect(spendingLine(spending)).toBe('Last hour: about 1,300 tokens \u00b7 no budget')
  })

  it('leaves out what is not known', () => {
    expect(usageLine({ input: 1, cached: 0, output: 9, cost: null, estimated: false }, null)).toBe('1 token in · 9 out')
  })
})

describe('spendingLine', () => {
  it('tells the last hour against the budget', () => {
    expect(spendingLine({ tokens: 5000, cost: 0.5, budget: 20_000, exhausted: false, estimated: false })).toBe(
      'Last hour: 5,000 tokens · about $0.500 · 25 % of 20,000 tokens',
    )
  })

  it('says so when there is no budget', () => {
    expect(spendingLine({ tokens: 0, cost: null, budget: 0, exhausted: false, estimated: false })).toBe(
      'Last hour: 0 tokens · no budget',
    )
  })
})

describe('judgementLine', () => {
  it('tells how close to what was asked the suggestions kept, and nothing that did not happen', () => {
    expect(judgementLine({ suggestions: 0, ratio: null, folded: 0, suppressed: 0 })).toContain('no suggestion')
    expect(judgementLine({ suggestions: 1, ratio: 1, folded: 0, suppressed: 0 })).toBe(
      'Last suggestion \u00b7 1.0 \u00d7 the lines needed',
    )
    expect(judgementLine({ suggestions: 20, ratio: 1.25, folded: 3, suppressed: 2 })).toBe(
      'Last 20 suggestions \u00b7 1.3 \u00d7 the lines needed (median) \u00b7 3 beyond what was asked, folded \u00b7 2 left out',
    )
  })
})
