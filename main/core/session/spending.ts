// Tokens of the last hour, and the budget that pauses the lanes when they are used up.
import type { SpendingView, Usage } from '../../../preload/contract.ts'
import type { Clock } from '../ports.ts'

const HOUR_MS = 60 * 60 * 1000

export class Spending {
  private entries: { readonly at: number; readonly usage: Usage }[] = []
  private readonly clock: Clock
  private readonly budget: () => number

  /** `budget`: tokens an hour; 0 for none. */
  constructor(clock: Clock, budget: () => number) {
    this.clock = clock
    this.budget = budget
  }

  add(usage: Usage): void {
    this.entries.push({ at: this.clock.now(), usage })
  }

  get exhausted(): boolean {
    return this.view().exhausted
  }

  view(): SpendingView {
    const since = this.clock.now() - HOUR_MS
    this.entries = this.entries.filter(({ at }) => at > since)
    const tokens = this.entries.reduce((sum, { usage }) => sum + usage.input + usage.output, 0)
    const known = this.entries.flatMap(({ usage }) => (usage.cost === null ? [] : [usage.cost]))
    const budget = this.budget()
    return {
      tokens,
      cost: known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0),
      budget,
      exhausted: budget > 0 && tokens >= budget,
    }
  }
}
