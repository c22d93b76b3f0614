// The processes of the bench's browser, by its own account.
import type { Browser } from 'playwright-core'
import { Unavailable } from './row.ts'

/** Their ids, all of them. */
export async function processesOf(browser: Browser): Promise<readonly number[]> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo').catch((cause: unknown) => {
    throw new Unavailable(`the browser does not tell its processes: ${String(cause)}`)
  })
  await session.detach()
  return processInfo.map(({ id }) => id)
}
