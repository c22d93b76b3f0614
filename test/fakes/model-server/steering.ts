// What the model server does with words that a client says into a running response.

/** The codes of `response.steer.failed` that the API documents. */
export const STEER_FAILURES = [
  'response_not_found',
  'invalid_input',
  'steering_not_supported',
  'too_many_pending_steers',
  'response_already_completed',
  'response_not_active',
  'successor_creation_failed',
] as const
export type SteerFailure = (typeof STEER_FAILURES)[number]

/** One `response.steer` as it arrived. */
export interface SeenSteer {
  /** "steer_1", "steer_2", ... */
  readonly id: string
  readonly response: string
  readonly input: string
}

/** How a steer is answered when no test holds it. */
export type SteerAnswer =
  /** Accepted; the response stops, and its successor begins. */
  | { readonly type: 'commit' }
  /** `accepted`: first it is accepted, and given back later. */
  | { readonly type: 'fail'; readonly code: SteerFailure; readonly accepted?: boolean }
  /** Accepted, but once the response is complete it waits for the results of tools. */
  | { readonly type: 'pending' }
  /** No word. */
  | { readonly type: 'silent' }

/** A steer that the test answers. Each step is sent at once. */
export interface HeldSteer {
  readonly steer: Promise<SeenSteer>
  accept(): void
  /** The running response stops as `incomplete`, unless it is over already, and its successor is answered like a request. */
  commit(): void
  fail(code: SteerFailure): void
  pend(): void
}

export type SteerStep =
  { readonly type: 'accept' | 'commit' | 'pend' } | { readonly type: 'fail'; readonly code: SteerFailure }

/** The two ends of a held steer. */
export class HeldSteering implements HeldSteer {
  readonly steer: Promise<SeenSteer>
  #arrive: (steer: SeenSteer) => void = () => {}
  #take: ((step: SteerStep) => void) | null = null

  constructor() {
    this.steer = new Promise((resolve) => {
      this.#arrive = resolve
    })
  }

  accept(): void {
    this.#take?.({ type: 'accept' })
  }

  commit(): void {
    this.#take?.({ type: 'commit' })
  }

  fail(code: SteerFailure): void {
    this.#take?.({ type: 'fail', code })
  }

  pend(): void {
    this.#take?.({ type: 'pend' })
  }

  /** The server's end. */
  attach(steer: SeenSteer, take: (step: SteerStep) => void): void {
    this.#take = take
    this.#arrive(steer)
  }
}

export function stepsOf(answer: SteerAnswer): readonly SteerStep[] {
  switch (answer.type) {
    case 'commit':
      return [{ type: 'accept' }, { type: 'commit' }]
    case 'pending':
      return [{ type: 'accept' }, { type: 'pend' }]
    case 'silent':
      return []
    case 'fail': {
      const fail = { type: 'fail', code: answer.code } as const
      return answer.accepted === true ? [{ type: 'accept' }, fail] : [fail]
    }
  }
}
