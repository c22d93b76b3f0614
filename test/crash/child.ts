// A process that accepts, undoes and does again what stands in the queue, as fast as it can, until it is killed.
import { flushCompileCache } from 'node:module'
import { hunksOf, openProject } from './project.ts'

const [root = '', data = ''] = process.argv.slice(2)
const open = await openProject({ root, data, remove: () => undefined })
process.send?.('ready')
// A process that is killed keeps nothing for the next one by itself.
flushCompileCache()
for (let round = 0; ; round += 1) {
  const pending = (await hunksOf(open)).every(({ state }) => state === 'pending')
  const result = await (pending ? forward(round) : open.session.undo())
  if (!result.ok) {
    process.send?.(`${result.failure.code}: ${result.failure.message}`)
    break
  }
}
process.disconnect?.()

function forward(round: number): ReturnType<typeof open.session.accept> {
  return round % 3 === 2 ? open.session.redo({ apply: null }) : acceptedAll()
}

async function acceptedAll(): ReturnType<typeof open.session.accept> {
  return open.session.accept({ hunks: (await hunksOf(open)).map(({ reference }) => reference) })
}
