// What models cost, as far as it is known: a short, dated list; a model that is not in it has no price here.
import type { Usage } from '../../preload/contract.ts'

interface Price {
  /** US dollars for a million tokens. */
  readonly input: number
  readonly cached: number
  readonly output: number
}

/** Public list prices as last looked up on 2026-11-20; providers change them, so the window says "about". */
const PRICES: ReadonlyMap<string, Price> = new Map([
  ['gpt-5', { input: 1.25, cached: 0.125, output: 10 }],
  ['gpt-5-mini', { input: 0.25, cached: 0.025, output: 2 }],
  ['gpt-5-nano', { input: 0.05, cached: 0.005, output: 0.4 }],
  ['gpt-4.1', { input: 2, cached: 0.5, output: 8 }],
  ['gpt-4.1-mini', { input: 0.4, cached: 0.1, output: 1.6 }],
])

const MILLION = 1_000_000

/** US dollars; null when the model's price is not known. A dated name (`gpt-5-mini-2026-01-01`) has the price of its family. */
export function costOf(model: string, usage: Pick<Usage, 'input' | 'output' | 'cached'>): number | null {
  const price = PRICES.get(model.replace(/-\d{4}-\d{2}-\d{2}$/, ''))
  if (price === undefined) return null
  const fresh = Math.max(0, usage.input - usage.cached)
  return (fresh * price.input + usage.cached * price.cached + usage.output * price.output) / MILLION
}

/** Two requests together; the cost is known only when both are. */
export function addUsage(a: Usage | null, b: Usage): Usage {
  if (a === null) return b
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cached: a.cached + b.cached,
    cost: a.cost === null || b.cost === null ? null : a.cost + b.cost,
    estimated: a.estimated || b.estimated,
  }
}
