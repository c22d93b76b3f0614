// One request of one suggestion: reads the model's events, shows the text as it comes, and hands the reply on to be placed.
import type { Usage } from '../../../preload/contract.ts'
import type { ModelEvent, Ports, Prompt } from '../ports.ts'
import { assertNever, isRunning } from '../review.ts'
import type { Queue } from './queue.ts'
import { Reply, type About, type Shared } from './reply.ts'
import { estimatedUsage, usageOf } from './usage.ts'

export interface Run extends About {
  /** What was asked; null where nobody is. */
  readonly prompt: Prompt | null
  stream(signal: AbortSignal): AsyncIterable<ModelEvent>
}

/**
 * UTF-16 units, some 250,000 tokens: many times what any request asks for. A model that has lost its way may repeat itself for
 * ever, and not every server keeps to a cap.
 */
const LONGEST_REPLY = 1_000_000

export class Runner {
  private readonly shared: Shared
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly used: (usage: Usage) => void

  /** `used` is told what each request cost. */
  constructor(shared: Shared, used: (usage: Usage) => void) {
    this.shared = shared
    this.ports = shared.ports
    this.queue = shared.queue
    this.used = used
  }

  /** Resolves when the reply is over, by itself or by `signal`, and all its hunks are placed. Never throws. */
  async run(run: Run, signal: AbortSignal): Promise<void> {
    const { entry } = run
    const { id } = entry.suggestion
    const reply = new Reply(this.shared, run)
    try {
      for await (const event of run.stream(signal)) {
        if (signal.aborted) break
        await this.handle(run, event, reply)
        if (reply.said > LONGEST_REPLY) {
          await this.cut(id, reply)
          break
        }
      }
      reply.end(true)
      this.estimate(run, reply)
      await reply.placed()
      reply.measure()
      const overhead = reply.overhead()
      // What was stopped may stream again by now: then this was the work for another trace.
      if (overhead !== null && !isRunning(entry.suggestion)) this.queue.dispatch(id, { type: 'measured', overhead })
    } catch (error) {
      // A bug, not an expected failure: it is logged whole, and the card says that it is over.
      this.ports.log.error('a request ended by a fault', error)
      const failure = { code: 'fault', message: 'Slipstream failed on this reply; the log has the details' }
      this.queue.dispatch(id, { type: 'failed', failure, at: this.ports.clock.now() })
    }
    if (!signal.aborted && isRunning(entry.suggestion)) {
      const failure = { code: 'ended', message: 'the reply ended without a word' }
      this.queue.dispatch(id, { type: 'failed', failure, at: this.ports.clock.now() })
    }
  }

  /** Only the end of a reply is waited for: text is never held up by the placing of hunks. */
  private async handle(run: Run, event: ModelEvent, reply: Reply): Promise<void> {
    const { id } = run.entry.suggestion
    const { clock } = this.ports
    switch (event.type) {
      case 'text': {
        this.begin(id, reply)
        const begun = clock.now()
        this.queue.append(run.entry, event.text)
        reply.read(event.text)
        reply.said += event.text.length
        reply.worked(clock.now() - begun)
        return
      }
      case 'hunk':
        this.begin(id, reply)
        reply.takePlaced(event.edit, event.beyond ?? null)
        return
      case 'notice':
        this.queue.dispatch(id, { type: 'noted', message: event.message })
        return
      case 'waiting':
        this.queue.dispatch(id, { type: 'waiting', message: event.message })
        return
      case 'sent':
        reply.sentAt = clock.now()
        this.queue.dispatch(id, { type: 'sent', model: event.model, at: reply.sentAt, warm: event.warm ?? null })
        return
      case 'headers':
        reply.answered = true
        this.queue.dispatch(id, { type: 'headers', at: clock.now() })
        return
      case 'steered':
        // It was sent with its secrets replaced; the person said it with them.
        const text = run.redactor?.restore(event.text) ?? event.text
        this.queue.dispatch(id, { type: 'steered', committed: event.state === 'committed', text })
        if (event.state === 'committed') {
          reply.startAnew()
          this.queue.separate(run.entry, [text])
        } else if (event.message !== null) this.queue.dispatch(id, { type: 'noted', message: event.message })
        return
      case 'thinking':
        reply.thought(clock.now())
        return
      case 'done':
        if (event.usage !== null) this.account(run, reply, usageOf(run.entry.suggestion.model, event.usage), true)
        if (event.finish === 'length') return this.cut(id, reply)
        reply.end(false)
        await reply.placed()
        this.queue.dispatch(id, { type: 'done', at: clock.now(), note: reply.note() })
        return
      case 'failed':
        reply.end(true)
        await reply.placed()
        this.queue.dispatch(id, { type: 'failed', failure: event.failure, at: clock.now() })
        return
      default:
        assertNever(event)
    }
  }

  private async cut(id: string, reply: Reply): Promise<void> {
    reply.end(true)
    await reply.placed()
    const message = 'the reply was cut at its length limit: Continue goes on from there'
    this.queue.dispatch(id, { type: 'noted', message })
    this.queue.dispatch(id, { type: 'interrupted', at: this.ports.clock.now() })
  }

  private account({ entry }: Run, reply: Reply, usage: Usage, spoken: boolean): void {
    reply.accounted = true
    this.queue.dispatch(entry.suggestion.id, { type: 'used', usage, spoken })
    this.used(usage)
  }

  /** Whoever interrupts pays, too: what its endpoint has not counted counts about. */
  private estimate(run: Run, reply: Reply): void {
    if (run.prompt === null || !reply.answered || reply.accounted) return
    const { suggestion } = run.entry
    // What was stopped may stream again by now: then the trace is another one's.
    this.account(run, reply, estimatedUsage(suggestion.model, run.prompt, reply.said), !isRunning(suggestion))
  }

  private begin(id: string, reply: Reply): void {
    if (!reply.silent) return
    reply.silent = false
    this.queue.dispatch(id, { type: 'firstText', at: this.ports.clock.now() })
  }
}
