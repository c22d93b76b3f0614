// Handlers for tests: every call refuses until a test says what it answers; the event stream's items are the test's own.
import type { EventBatch, Failure, Result } from '../../preload/contract.ts'
import type { Handlers } from '../../preload/wire/server.ts'

const unexpected: Result<never> = { ok: false, failure: { code: 'unexpected', message: 'not part of this test' } }

/** Handlers that answer with the failure `unexpected` and stream nothing, except for what `some` replaces. */
export function createHandlers(some: {
  readonly calls?: Partial<Handlers['calls']>
  readonly streams?: Partial<Handlers['streams']>
}): Handlers {
  const refuse = async (): Promise<Result<never>> => unexpected
  return {
    calls: {
      accept: refuse,
      reject: refuse,
      interrupt: refuse,
      nudge: refuse,
      continue: refuse,
      retry: refuse,
      deeper: refuse,
      dismiss: refuse,
      ask: refuse,
      seen: refuse,
      preview: refuse,
      undo: refuse,
      takeBack: refuse,
      redo: refuse,
      edit: refuse,
      split: refuse,
      place: refuse,
      unfold: refuse,
      why: refuse,
      conventions: refuse,
      conventionDecide: refuse,
      open: refuse,
      decide: refuse,
      status: refuse,
      hand: refuse,
      painted: refuse,
      settings: refuse,
      configure: refuse,
      key: refuse,
      consent: refuse,
      pause: refuse,
      trigger: refuse,
      mute: refuse,
      unmute: refuse,
      resetWait: refuse,
      desktop: refuse,
      desktopConfigure: refuse,
      desktopKey: refuse,
      ...some.calls,
    },
    streams: {
      async *events() {},
      ...some.streams,
    },
  }
}

/** A batch with one text delta, which is enough to tell batches apart. */
export function textBatch(text: string): EventBatch {
  return { first: false, project: null, suggestions: [], removed: [], text: [{ suggestion: 's', from: 0, text }] }
}

export function textOf(batch: EventBatch): string {
  return batch.text.map((delta) => delta.text).join('')
}

export function failed(code: string, message = ''): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code, message } }
}
