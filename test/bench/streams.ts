// One stream in the product's window and one in a floor's page: how both are set going, alike.
import type { Floor } from './floor.ts'
import { startFloor } from './floor.ts'
import type { BenchServer } from './model-server.ts'
import { startBenchServer } from './model-server.ts'
import { FLOOR_READY, FLOOR_ROWS, FLOOR_TEXT, makeHome, startProduct, STREAM, type Product } from './product.ts'
import { makeQuietFiles } from './project.ts'
import type { Bench } from './row.ts'
import type { Stand } from './stands.ts'
import { openBenchWindow, type BenchWindow } from './window.ts'

export interface Stage {
  readonly server: BenchServer
  readonly floor: Floor
  readonly product: Product
  /** The product's window: a save makes it ask. */
  readonly window: BenchWindow
  readonly shop: Stand
  /** The floor's page: it asks without a save. */
  readonly bare: Stand
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
  const window = await product.openWindow()
  const over = (id: number) => server.over(id)
  let tag = 0
  return {
    server,
    floor,
    product,
    window,
    shop: {
      server,
      window,
      selector: STREAM,
      over,
      async ask() {
        const file = await files.next()
        const arrival = server.next()
        tag += 1
        file.save({ ...file.edits, tag })
        return arrival
      },
    },
    bare: {
      server,
      window: await openBenchWindow(bench, `${floor.url}/${floorPage}`, FLOOR_READY),
      selector: floorPage === 'xterm' ? FLOOR_ROWS : FLOOR_TEXT,
      over,
      async ask() {
        const arrival = server.next()
        await floor.ask('stream', null)
        return arrival
      },
    },
  }
}
