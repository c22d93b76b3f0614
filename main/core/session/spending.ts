// Tokens of the last hour, and the budget that pauses the lanes when they are used up.
import type { SpendingView, Usage } from '../../../preload/contract.ts'
import type { Clock } from '../ports.ts'

const HOUR_MS = 60 * 60 * 1000

export class Spending {
  private entries: { readonly at: number; readonly usage: Usage }[] = []
  private readonly clock: Clock
  private readonly budget: () => number
  private readonly freed: () => void
  private stopWaiting: () => void = () => undefined

  /** `budget`: tokens an hour; 0 for none. `freed` is called when an exhausted one has room again, by nothing but time. */
  constructor(clock: Clock, budget: () => number, freed: () => void) {
    this.clock = clock
    this.budget = budget
    this.freed = freed
  }

  add(usage: Usage): void {
    this.entries.push({ at: this.clock.now(), usage })
    this.stopWaiting()
    this.await()
  }

  get exhausted(): boolean {
    return this.view().exhausted
  }

  view(): SpendingView {
    const since = this.clock.now() - HOUR_MS
    this.entries = this.entries.filter(({ at }) => at > since)
    const tokens = this.entries.reduce((sum, { usage }) => sum + tokensOf(usage), 0)
    const known = this.entries.flatMap(({ usage }) => (usage.cost === null ? [] : [usage.cost]))
    const budget = this.budget()
    return {
      tokens,
      cost: known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0),
      budget,
      exhausted: budget > 0 && tokens >= budget,
      estimated: this.entries.some(({ usage }) => usage.estimated),
    }
  }

  close(): void {
    this.stopWaiting()
  }

  private await(): void {
    const { tokens, budget, exhausted } = this.view()
    let left = tokens
    const last = exhausted ? this.entries.find(({ usage }) => (left -= tokensOf(usage)) < budget) : undefined
    if (last === undefined) return
    this.stopWaiting = this.clock.after(last.at + HOUR_MS - this.clock.now(), () => this.freed())
  }
}

function tokensOf({ input, output }: Usage): number {
  return input + output
}
