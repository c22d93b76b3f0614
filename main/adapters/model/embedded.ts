// The embedded engine as a model: needs no network and answers with placed hunks.
import type { Log, ModelEvent, ModelRequest, Work } from '../../core/ports.ts'

export const EMBEDDED_NAME = 'embedded engine'

/** Yields `sent`, what it learned in one line of `text`, one `hunk` for each proposed edit, and `done`. A request in words fails with `no-model`. */
export async function* askEmbedded(
  work: Work,
  log: Log,
  request: ModelRequest,
  wordsNeed: string,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  if (request.change === null) {
    yield { type: 'failed', failure: { code: 'no-model', message: wordsNeed } }
    return
  }
  // Before the first event: who takes it may be busy with other things before the next.
  const echo = work.run('echo', request.change, signal)
  echo.catch(() => undefined)
  yield { type: 'sent', model: EMBEDDED_NAME }
  try {
    const { edits, lesson } = await echo
    if (signal.aborted) return
    if (lesson !== null && edits.length > 0) yield { type: 'text', text: `${lesson}\n` }
    for (const edit of edits) yield { type: 'hunk', edit }
  } catch (error) {
    if (signal.aborted) return
    log.error('the embedded engine failed', error)
    yield {
      type: 'failed',
      failure: { code: 'engine', message: 'The embedded engine failed on this change: see the log.' },
    }
    return
  }
  yield { type: 'done', finish: 'stop', usage: null }
}
