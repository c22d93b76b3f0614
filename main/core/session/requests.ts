// The requests that run: which suggestion has which one, started and stopped in one place.
import type { Lane, SeenView, Usage } from '../../../preload/contract.ts'
import type { ModelEvent, ModelRequest, Ports, Prompt, WireRequest } from '../ports.ts'
import { seenRequest, withheldOf } from '../seen.ts'
import { createRedactor, type Redactor } from '../redact.ts'
import type { Hand } from './hand.ts'
import type { Entry, Queue } from './queue.ts'
import type { Shared } from './reply.ts'
import { Runner } from './running.ts'
import { Sent } from './sent.ts'

const OUTPUT_TOKENS: Record<Lane, number> = { fast: 4096, deep: 16_384, local: 0 }
/** At most two requests of the fast lane in flight; a third takes the place of the second. */
const IN_FLIGHT = 2
export const EMPTY_PROMPT: Prompt = { instructions: '', messages: [], cacheKey: '' }

export class Requests {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly hand: Hand
  private readonly runner: Runner
  private readonly running = new Map<string, AbortController>()
  /** Needed to read the placeholders in a reply; never stored, so after a restart such hunks are refused. */
  private readonly redactors = new Map<string, Redactor>()
  private readonly sent: Sent

  constructor(shared: Shared, hand: Hand, used: (usage: Usage) => void) {
    this.ports = shared.ports
    this.queue = shared.queue
    this.hand = hand
    this.runner = new Runner(shared, used)
    this.sent = new Sent(shared.ports.clock, shared.ports.models)
  }

  /** Asks the lane of the entry's suggestion. `continues`: the cut reply that this one goes on with. */
  send(entry: Entry, prompt: Prompt, change: Entry['change'], continues: string | null = null): void {
    const { lane } = entry.suggestion
    const request: ModelRequest = {
      id: entry.suggestion.id,
      lane,
      prompt,
      maxOutputTokens: OUTPUT_TOKENS[lane],
      change,
      wrote: this.recorder(entry.suggestion.id, prompt),
    }
    void this.start(entry, (signal) => this.ports.models.stream(request, signal), continues, prompt)
  }

  /** Takes events that come from elsewhere as the entry's reply. Resolves when its hunks are placed. */
  take(entry: Entry, events: AsyncIterable<ModelEvent>): Promise<void> {
    return this.start(entry, () => events, null, null)
  }

  private async start(
    entry: Entry,
    stream: (signal: AbortSignal) => AsyncIterable<ModelEvent>,
    continues: string | null,
    prompt: Prompt | null,
  ): Promise<void> {
    const { id } = entry.suggestion
    this.running.get(id)?.abort()
    const controller = new AbortController()
    this.running.set(id, controller)
    const redactor = this.redactors.get(id) ?? null
    await this.runner.run(
      { entry, stream, redactor, continues, prompt, inHand: (hunk) => this.hand.holds(hunk) },
      controller.signal,
    )
    if (this.running.get(id) === controller) this.running.delete(id)
  }

  /** Closes the connection first and tells second. */
  stop(entry: Entry, how: 'interrupted' | 'superseded'): void {
    const { id } = entry.suggestion
    this.running.get(id)?.abort()
    this.running.delete(id)
    this.queue.dispatch(id, { type: how, at: this.ports.clock.now() })
  }

  /**
   * Room for one more request of the fast lane; `id`: of the suggestion that goes on. The newest that nobody has said a word to
   * makes way; where there is none such, the newest makes way for a person, who can continue it later. False for a save then:
   * what a person has asked for is not taken away by itself.
   */
  makeWay(by: 'person' | 'save', id: string | null = null): boolean {
    const rivals = this.queue.running().filter(({ suggestion }) => suggestion.lane === 'fast' && suggestion.id !== id)
    if (rivals.length < IN_FLIGHT) return true
    const unasked = rivals.find(
      ({ suggestion: { id: rival, origin, nudges } }) =>
        origin === 'save' && nudges.length === 0 && !this.hand.protects(rival),
    )
    const second = unasked ?? (by === 'person' ? rivals[0] : undefined)
    if (second === undefined) return false
    this.stop(second, second === unasked ? 'superseded' : 'interrupted')
    return true
  }

  /** What comes may take the place of the hunk in hand, because a person has asked for it. */
  reshape(id: string): void {
    this.hand.release(id)
  }

  /** All requests of a suggestion share their placeholders. */
  redactorOf(id: string): Redactor {
    const redactor = this.redactors.get(id) ?? createRedactor()
    this.redactors.set(id, redactor)
    return redactor
  }

  share(from: string, to: string): void {
    this.redactors.set(to, this.redactorOf(from))
  }

  forget(id: string): void {
    this.redactors.delete(id)
    this.sent.forget(id)
  }

  /** For every request of a suggestion, whoever makes it: what is handed to a connection is there to be looked at. */
  recorder(id: string, prompt: Prompt): (wire: WireRequest) => void {
    return this.sent.recorder(id, prompt)
  }

  /** Everything that was sent for a suggestion. */
  seen({ suggestion: { id }, prompt }: Entry): SeenView {
    const redactor = this.redactors.get(id) ?? null
    return this.sent.view(id, prompt, redactor !== null, redactor)
  }

  /** What `send` would send in the fast lane; nothing is sent. */
  preview(prompt: Prompt, redactor: Redactor): SeenView {
    const request = { lane: 'fast', prompt, maxOutputTokens: OUTPUT_TOKENS.fast, change: null } as const
    const wire = this.ports.models.preview(request)
    return {
      requests: wire === null ? [] : [seenRequest({ wire, prompt, at: null })],
      withheld: withheldOf([prompt], redactor),
      note: wire === null ? 'Nobody outside this program would be asked: the embedded engine takes no words.' : null,
    }
  }
}
