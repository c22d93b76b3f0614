// What was sent for each suggestion, as long as it is in the queue: for the person who asks what the model saw.
import type { SeenView } from '../../../preload/contract.ts'
import type { Clock, Models, Prompt, WireRequest } from '../ports.ts'
import type { Redactor } from '../redact.ts'
import { seenRequest, withheldOf, type Written } from '../seen.ts'

/** Of one suggestion; a long conversation with a model repeats itself anyway. */
const MOST_KEPT = 12
const EARLIER_RUN = 'Slipstream was started anew since: what was sent before is not kept.'
const NOTHING = 'Nothing was sent: the embedded engine answered on this machine.'
const NOT_YET = 'Nothing was sent so far.'
const CUT = `Only the last ${MOST_KEPT} requests are kept.`

export class Sent {
  private readonly written = new Map<string, readonly Written[]>()
  private readonly cut = new Set<string>()
  private readonly clock: Clock
  private readonly models: Models

  constructor(clock: Clock, models: Models) {
    this.clock = clock
    this.models = models
  }

  /** A listener for everything that is handed to a connection for this suggestion's request. */
  recorder(id: string, prompt: Prompt): (wire: WireRequest) => void {
    return (wire) => {
      const all = [...(this.written.get(id) ?? []), { wire, prompt, at: this.clock.wall() }]
      if (all.length > MOST_KEPT) this.cut.add(id)
      this.written.set(id, all.slice(-MOST_KEPT))
    }
  }

  forget(id: string): void {
    this.written.delete(id)
    this.cut.delete(id)
  }

  /** `asked`: the prompt of its first request, if there was one; `own`: of this run of the program. */
  view(id: string, asked: Prompt | null, own: boolean, redactor: Redactor | null): SeenView {
    const written = this.written.get(id) ?? []
    const warmUps = this.models.warmUps().map((wire): Written => ({ wire, prompt: null, at: null }))
    const note = this.cut.has(id) ? CUT : asked === null ? NOTHING : !own ? EARLIER_RUN : NOT_YET
    const some = written.length > 0
    return {
      requests: [...(some ? warmUps : []), ...written].map(seenRequest),
      withheld: withheldOf(
        written.map(({ prompt }) => prompt),
        redactor,
      ),
      note: some && !this.cut.has(id) ? null : note,
    }
  }
}
