// The bench's end of the floors' process.
import { startHelper, type Helper } from './helper.ts'
import type { FloorQuestions } from './floor-process.ts'
import type { BenchServer } from './model-server.ts'
import type { Bench } from './row.ts'

export type Floor = Helper<FloorQuestions> & { readonly url: string }

/** `server` answers what the floor asks. */
export async function startFloor(bench: Bench, server: Pick<BenchServer, 'url'>): Promise<Floor> {
  const entry = new URL('./floor-process.ts', import.meta.url)
  const helper = bench.own(startHelper<FloorQuestions, never>(entry, [server.url], () => {}))
  return { ...helper, url: await helper.ask('url', null) }
}
