// What the person says into a response that is running: queued at the server, and committed by the response that follows it.
import type { ResponseSteerEvent } from 'openai/resources/responses/responses'
import type { Clock } from '../../core/ports.ts'
import { field, textField } from './json.ts'
import type { Step } from './protocol.ts'

export interface Steers {
  /** Some were accepted or sent, and it is not known yet what becomes of them. */
  readonly pending: boolean
  /** Resolves when the server has accepted or refused the text, or said neither for a while. */
  submit(response: string, text: string): Promise<'unsupported' | 'queued'>
  /** Takes the events that are about steering; false for all others. */
  take(event: unknown): boolean
  /** The successor of the response that was steered has begun. */
  commit(): void
  /** No successor will come. */
  fail(message: string | null): void
}

export interface SteersOptions {
  readonly clock: Clock
  send(event: ResponseSteerEvent): void
  /** The model or the way it runs does not know steering. */
  unable(): void
  tell(step: Step): void
  /** The server has left a text unanswered, and it is not waited for any more. */
  forgotten(): void
}

interface Steer {
  readonly text: string
  id: string | null
  accepted: boolean
  /** Settles `submit`; only the first call counts. */
  answer(how: 'unsupported' | 'queued'): void
}

/** Without a word from the server within this time, the steer counts as refused: the interrupt that follows ends its connection. */
const ANSWER_MS = 1_500

export function createSteers({ clock, send, unable, tell, forgotten }: SteersOptions): Steers {
  let steers: Steer[] = []

  const drop = (steer: Steer): void => {
    steers = steers.filter((other) => other !== steer)
    steer.answer('unsupported')
  }
  const lose = (steer: Steer, message: string | null): void => {
    const told = steer.accepted
    drop(steer)
    // Before it was accepted its sender hears of it by the answer.
    if (told) tell({ type: 'event', event: { type: 'steered', state: 'failed', text: steer.text, message } })
  }

  return {
    get pending() {
      return steers.length > 0
    },
    submit(response, text) {
      return new Promise((resolve) => {
        const stop = clock.after(ANSWER_MS, () => {
          drop(steer)
          forgotten()
        })
        const steer: Steer = {
          text,
          id: null,
          accepted: false,
          answer(how) {
            stop()
            resolve(how)
          },
        }
        steers.push(steer)
        send({ type: 'response.steer', previous_response_id: response, input: text })
      })
    },
    take(event) {
      switch (field(event, 'type')) {
        case 'response.steer.accepted': {
          // Acceptances come in the order in which the texts were sent.
          const steer = steers.find(({ accepted }) => !accepted)
          if (steer === undefined) return true
          steer.id = textField(field(event, 'steer'), 'id')
          steer.accepted = true
          steer.answer('queued')
          return true
        }
        case 'response.steer.failed': {
          const steer = failed(steers, field(event, 'steer'))
          const error = field(event, 'error')
          if (field(error, 'code') === 'steering_not_supported') unable()
          if (steer !== null) lose(steer, textField(error, 'message'))
          return true
        }
        case 'response.steer.pending': {
          // It waits for the results of tools. We gave the model none, so nothing that we could send would free it.
          const id = textField(field(event, 'steer'), 'id')
          const steer = steers.find((other) => other.id === id)
          if (steer !== undefined) lose(steer, null)
          return true
        }
        default:
          return false
      }
    },
    commit() {
      const committed = steers.filter(({ accepted }) => accepted)
      steers = steers.filter(({ accepted }) => !accepted)
      for (const { text } of committed) {
        tell({ type: 'event', event: { type: 'steered', state: 'committed', text, message: null } })
      }
    },
    fail(message) {
      for (const steer of steers) lose(steer, message)
    },
  }
}

/** By its id; one that has none yet comes back with its text. */
function failed(steers: readonly Steer[], returned: unknown): Steer | null {
  const id = textField(returned, 'id')
  const input = field(returned, 'input')
  const known = steers.find((steer) => id !== null && steer.id === id)
  const waiting = steers.filter(({ accepted }) => !accepted)
  return known ?? waiting.find(({ text }) => text === input) ?? waiting[0] ?? null
}
