// Two more streams and a busy renderer, beside what is measured in the engine's window.
import { ASKED } from './asked.ts'
import { PLACE, TALK } from './talking.ts'
import type { EngineStage } from './engine.ts'
import { tidy } from './product.ts'
import type { BenchWindow } from './window.ts'

export interface Load {
  /** Answers the requests of the two streams, which run. */
  begin(): Promise<readonly number[]>
  /** Ends everything that runs, and empties the list. */
  end(): Promise<void>
}

const STREAMS = 2

/** At most two requests of the fast lane run at once, so the two others are the deep model's. */
export function makeLoad({ engine, server }: EngineStage, { page }: BenchWindow): Load {
  return {
    async begin() {
      await server.answer({ reply: 'Nothing to add.', when: ASKED, times: 1 })
      const asked = server.next('asked')
      const source = await engine.ask('ask', { text: ASKED, place: PLACE })
      await server.over((await asked).id)
      const ids: number[] = []
      while (ids.length < STREAMS) {
        await server.answer({ ...TALK, when: ASKED, times: 1 })
        const arrived = server.next('asked')
        await engine.ask('deeper', source)
        ids.push((await arrived).id)
      }
      await page.evaluate(() => window.bench.burn(true))
      return ids
    },
    async end() {
      await page.evaluate(() => window.bench.burn(false))
      await tidy({ page })
    },
  }
}
