// "Why?" about one hunk: one short question to its model, answered in two sentences at most; the embedded engine tells its lesson.
import type { HunkReference, Result, Usage } from '../../../preload/contract.ts'
import { shortExplanation } from '../explanation.ts'
import type { ModelRequest, Ports } from '../ports.ts'
import type { Hunk } from '../review.ts'
import { composeWhy } from '../why.ts'
import { withPlaces } from './places-said.ts'
import type { Entry, Queue } from './queue.ts'
import { neverSent } from './never-sent.ts'
import { refuse } from './refuse.ts'
import type { Requests } from './requests.ts'
import { usageOf } from './usage.ts'
import { hunkHash } from './view.ts'

type Answer = Result<{ readonly text: string }>

const OUTPUT_TOKENS = 400

export class Explaining {
  private readonly ports: Ports
  private readonly queue: Queue
  private readonly requests: Requests
  private readonly used: (usage: Usage) => void

  /** `used` is told what each question cost. */
  constructor(ports: Ports, queue: Queue, requests: Requests, used: (usage: Usage) => void) {
    this.ports = ports
    this.queue = queue
    this.requests = requests
    this.used = used
  }

  /** Failures: `gone`, `changed`, `nothing` (there is no answer), `cancelled`, and those of the model. */
  async why(reference: HunkReference, signal: AbortSignal): Promise<Answer> {
    const found = this.queue.hunk(reference.hunk)
    if (found === null) return refuse('gone', 'that hunk is not in the queue any more')
    const { entry, hunk } = found
    if (hunkHash(this.ports.hash, hunk) !== reference.hash) return refuse('changed', 'that hunk changed: look again')
    if (hunk.why !== null) return { ok: true, value: { text: hunk.why } }
    const answer = entry.suggestion.lane === 'local' ? lessonOf(entry) : await this.ask(entry, hunk, signal)
    if (answer.ok) this.queue.dispatch(entry.suggestion.id, { type: 'reasoned', hunk: hunk.id, why: answer.value.text })
    return answer
  }

  private async ask(entry: Entry, hunk: Hunk, signal: AbortSignal): Promise<Answer> {
    const { models } = this.ports
    if (entry.prompt === null || models.state().kind === 'local') {
      return refuse(
        'local',
        'asking why needs the model that wrote it: set OPENAI_API_KEY or start a local model server',
      )
    }
    const refused = neverSent(this.ports.watch, entry.suggestion.path) ?? neverSent(this.ports.watch, hunk.path)
    if (refused !== null) return refused
    const { id, lane } = entry.suggestion
    const redactor = this.requests.redactorOf(id)
    const prompt = composeWhy(entry.prompt, hunk, redactor)
    const wrote = this.requests.recorder(id, prompt)
    const request: ModelRequest = { lane, prompt, maxOutputTokens: OUTPUT_TOKENS, change: null, wrote }
    let said = ''
    for await (const event of models.stream(request, signal)) {
      if (signal.aborted) break
      if (event.type === 'text') said += event.text
      if (event.type === 'failed') return { ok: false, failure: event.failure }
      if (event.type === 'done' && event.usage !== null) {
        const usage = usageOf(entry.suggestion.model, event.usage)
        this.queue.dispatch(id, { type: 'used', usage, spoken: false })
        this.used(usage)
      }
    }
    if (signal.aborted) return refuse('cancelled', 'cancelled')
    const { short } = shortExplanation(redactor.restore(said).split('\n'))
    return short === '' ? refuse('nothing', 'the model gave no reason') : { ok: true, value: { text: short } }
  }
}

function lessonOf({ suggestion }: Entry): Answer {
  const { short } = shortExplanation(suggestion.prose)
  const text = short === '' ? 'It does here what you have just done elsewhere.' : withPlaces(short, suggestion.hunks)
  return { ok: true, value: { text } }
}
