// One write at a time to one file, whoever in this process asks for it.

const turns = new Map<string, Promise<unknown>>()

/** `real`: the file's place, absolute and free of links. */
export async function inTurn<T>(real: string, run: () => Promise<T>): Promise<T> {
  const former = turns.get(real) ?? Promise.resolve()
  const mine = former.then(run, run)
  turns.set(real, mine)
  try {
    return await mine
  } finally {
    if (turns.get(real) === mine) turns.delete(real)
  }
}
