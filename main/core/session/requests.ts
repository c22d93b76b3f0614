// The requests that run: which suggestion has which one, started and stopped in one place.
import type { Lane, Usage } from '../../../preload/contract.ts'
import type { ModelEvent, ModelRequest, Ports, Prompt } from '../ports.ts'
import { createRedactor, type Redactor } from '../redact.ts'
import type { Hand } from './hand.ts'
import type { Entry, Queue } from './queue.ts'
import type { Shared } from './reply.ts'
import { Runner } from './running.ts'

const OUTPUT_TOKENS: Record<Lane, number> = { fast: 4096, deep: 16_384, local: 0 }
export const EMPTY_PROMPT: Prompt = { instructions: '', messages: [], cacheKey: '' }

export class Requests {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly hand: Hand
  private readonly runner: Runner
  private readonly running = new Map<string, AbortController>()
  /** Needed to read the placeholders in a reply; never stored, so after a restart such hunks are refused. */
  private readonly redactors = new Map<string, Redactor>()

  constructor(shared: Shared, hand: Hand, used: (usage: Usage) => void) {
    this.ports = shared.ports
    this.queue = shared.queue
    this.hand = hand
    this.runner = new Runner(shared, used)
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
    }
    void this.start(entry, (signal) => this.ports.models.stream(request, signal), continues)
  }

  /** Takes events that come from elsewhere as the entry's reply. Resolves when its hunks are placed. */
  take(entry: Entry, events: AsyncIterable<ModelEvent>): Promise<void> {
    return this.start(entry, () => events, null)
  }

  private async start(
    entry: Entry,
    stream: (signal: AbortSignal) => AsyncIterable<ModelEvent>,
    continues: string | null,
  ): Promise<void> {
    const { id } = entry.suggestion
    this.running.get(id)?.abort()
    const controller = new AbortController()
    this.running.set(id, controller)
    const redactor = this.redactors.get(id) ?? null
    await this.runner.run(
      { entry, stream, redactor, continues, inHand: (hunk) => this.hand.holds(hunk) },
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
  }
}
