// What one request took: as the endpoint counted it, or about, where it did not come to that.
import type { Usage } from '../../../preload/contract.ts'
import type { Prompt, Usage as Tokens } from '../ports.ts'
import { costOf } from '../prices.ts'

/** UTF-16 units of code and prose a token, on average; exact counts are the endpoint's. */
const UNITS_PER_TOKEN = 4

export function usageOf(model: string, { input, output, cached = 0 }: Tokens): Usage {
  return priced(model, { input, output, cached, estimated: false })
}

/**
 * Of a reply that was stopped or broke, or whose endpoint counts nothing: it is paid for all the same. `said`: UTF-16 units of
 * the reply so far. Nothing is read of the texts but their length: this runs beside streams.
 */
export function estimatedUsage(model: string, { instructions, messages }: Prompt, said: number): Usage {
  const asked = messages.reduce((sum, { text }) => sum + text.length, instructions.length)
  const tokens = (units: number): number => Math.ceil(units / UNITS_PER_TOKEN)
  return priced(model, { input: tokens(asked), output: tokens(said), cached: 0, estimated: true })
}

function priced(model: string, counted: Omit<Usage, 'cost'>): Usage {
  return { ...counted, cost: costOf(model, counted) }
}
