// Says bytes, tokens and dollars for people.
import type { JudgementView, SpendingView, Usage } from '../preload/contract.ts'

const KILO = 1024

/** Bytes with a unit that keeps the number short. */
export function bytes(count: number): string {
  if (count < KILO) return `${count} B`
  if (count < KILO * KILO) return `${Math.round(count / KILO)} KB`
  return `${(count / KILO / KILO).toFixed(1)} MB`
}

/** US dollars, rounded to what still tells something; prices change, so it is "about". */
export function dollars(cost: number): string {
  const digits = cost >= 1 ? 2 : cost >= 0.01 ? 3 : 5
  return `about $${cost.toFixed(digits)}`
}

function tokens(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'token' : 'tokens'}`
}

/** What one suggestion took in all; `rate`: tokens a second of its last reply, or null. */
export function usageLine(usage: Usage, rate: number | null): string {
  const cached = usage.cached > 0 ? ` (${usage.cached.toLocaleString('en')} of them cached)` : ''
  const about = usage.estimated ? 'about ' : ''
  const parts = [`${about}${tokens(usage.input)} in${cached}`, `${usage.output.toLocaleString('en')} out`]
  if (rate !== null) parts.push(`${Math.round(rate).toLocaleString('en')} tokens/s`)
  if (usage.cost !== null) parts.push(dollars(usage.cost))
  return parts.join(' \u00b7 ')
}

/** What the last hour took, against the budget when there is one. */
export function spendingLine({ tokens: used, cost, budget, estimated }: SpendingView): string {
  const parts = [`Last hour: ${estimated ? 'about ' : ''}${tokens(used)}`]
  if (cost !== null) parts.push(dollars(cost))
  parts.push(budget === 0 ? 'no budget' : `${Math.round((used / budget) * 100)} % of ${tokens(budget)}`)
  return parts.join(' \u00b7 ')
}

/** How close the models' last suggestions kept to what was asked. */
export function judgementLine({ suggestions, ratio, folded, suppressed }: JudgementView): string {
  if (suggestions === 0) return 'Changes: no suggestion by a model yet'
  const parts = [suggestions === 1 ? 'Last suggestion' : `Last ${suggestions} suggestions`]
  if (ratio !== null) parts.push(`${ratio.toFixed(1)} \u00d7 the lines needed${suggestions === 1 ? '' : ' (median)'}`)
  if (folded > 0) parts.push(`${folded} beyond what was asked, folded`)
  if (suppressed > 0) parts.push(`${suppressed} left out`)
  return parts.join(' \u00b7 ')
}
