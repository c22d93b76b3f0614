// A process of its own that commits to the store FILE rows named PREFIX0, PREFIX1, ... and prints each number once it is durable.
import { openStore } from '../../main/adapters/store.ts'

const [file = '', prefix = '', count = '0', stay = ''] = process.argv.slice(2)
const store = await openStore(file)
if (!store.ok) throw new Error(store.failure.message)
for (let index = 0; index < Number(count); index += 1) {
  const done = await store.value.commit([
    { type: 'put', table: 'meta', key: `${prefix}${index}`, value: index },
    { type: 'blob', hash: `${prefix}${index}`, text: 'x'.repeat(index % 5000) },
  ])
  if (!done.ok) throw new Error(done.failure.message)
  process.stdout.write(`${index}\n`)
}
if (stay === 'stay') {
  // Keeps the database open until the test closes standard input.
  for await (const _ of process.stdin) break
}
await store.value.close()
