// The steps of one reply, between the connection that receives them and the request that reads them.
import { textStep, type Step } from './protocol.ts'

export interface Inbox {
  /** Text that arrives before it is read (that of one network packet, mostly) becomes one step: reading costs more than joining. */
  push(step: Step): void
  /** One reader at a time. */
  next(): Promise<Step>
}

export function createInbox(): Inbox {
  const steps: Step[] = []
  let text = ''
  let wake: (() => void) | null = null

  const take = (): Step | undefined => {
    const step = steps.shift()
    if (step !== undefined || text === '') return step
    const joined = text
    text = ''
    return textStep(joined)
  }

  return {
    push(step) {
      if (step.type === 'event' && step.event.type === 'text') {
        text += step.event.text
      } else {
        if (text !== '') steps.push(textStep(text))
        text = ''
        steps.push(step)
      }
      wake?.()
    },
    async next() {
      for (;;) {
        const step = take()
        if (step !== undefined) return step
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = null
      }
    },
  }
}
