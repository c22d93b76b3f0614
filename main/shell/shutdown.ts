// The end of the app: quitting waits until every project is closed, so that no write is cut and nothing is lost.
import type { Electron } from './electron.ts'

export interface ShutdownOptions {
  /** Closes everything; what it does not finish in time is what the store recovers at the next start. */
  close(): Promise<void>
  onBug(cause: unknown): void
  /** ms; a hung disk must not keep the session from ending. */
  readonly limitMs?: number
}

const LIMIT_MS = 10_000

/** From the first wish to quit on the answer is no, until `close` is done; then the process ends. */
export function setupShutdown({ app }: Pick<Electron, 'app'>, { close, onBug, limitMs }: ShutdownOptions): void {
  let closing = false

  async function end(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs ?? LIMIT_MS)
    })
    await Promise.race([close().catch(onBug), limit])
    clearTimeout(timer)
    app.exit(0)
  }

  app.on('before-quit', (event) => {
    event.preventDefault()
    if (closing) return
    closing = true
    void end()
  })
}
