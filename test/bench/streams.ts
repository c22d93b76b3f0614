// One stream in the product's window and one in a floor's page: how both are set going, alike.
import type { Floor } from './floor.ts'
import { startFloor } from './floor.ts'
import type { Arrival, BenchServer } from './model-server.ts'
import { startBenchServer } from './model-server.ts'
import { FLOOR_READY, makeHome, startProduct } from './product.ts'
import { makeQuietFiles } from './project.ts'
import type { Bench } from './row.ts'
import { openBenchWindow, type BenchWindow } from './window.ts'

export interface Stage {
  readonly server: BenchServer
  readonly floor: Floor
  /** The product's window. */
  readonly window: BenchWindow
  readonly floorWindow: BenchWindow
  /** A save that makes the product ask; resolves when its request is at the server. */
  ask(round: number): Promise<Arrival>
  /** The same of the floor, without a save. */
  askFloor(): Promise<Arrival>
}

/** Not large: what is measured begins with the reply. */
const LINES = 400
const NAMES = ['anchor', 'barrel', 'copper', 'dynamo'] as const

export async function openStage(bench: Bench, floorPage: 'plain' | 'xterm'): Promise<Stage> {
  const server = await startBenchServer(bench)
  const home = await makeHome(bench)
  const files = makeQuietFiles(home.project, NAMES, LINES)
  const product = await startProduct(bench, home, server, NAMES.length)
  const floor = await startFloor(bench, server)
  return {
    server,
    floor,
    window: await product.openWindow(),
    floorWindow: await openBenchWindow(bench, `${floor.url}/${floorPage}`, FLOOR_READY),
    async ask(round) {
      const file = await files.next()
      const arrival = server.next()
      file.save({ ...file.edits, tag: round + 1 })
      return arrival
    },
    async askFloor() {
      const arrival = server.next()
      await floor.ask('stream', null)
      return arrival
    },
  }
}
