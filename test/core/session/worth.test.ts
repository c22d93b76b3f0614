// The order in which files are read at the first scan.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { WorthReading } from '../../../main/core/session/worth.ts'

test('files come out by when they were modified, the latest first, in whatever order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (times) => {
      const worth = new WorthReading()
      for (const modifiedMs of times) worth.add({ path: 'a', stat: { size: 0, modifiedMs, inode: 0 } })
      const taken = times.map(() => worth.take()?.stat.modifiedMs)
      expect(taken).toEqual(times.toSorted((a, b) => b - a))
      expect(worth.take()).toBeUndefined()
    }),
  )
})
