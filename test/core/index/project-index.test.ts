// The index against a plain model of it, its order, and its bounds.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProjectIndex, type FileNames } from '../../../main/core/index/project-index.ts'

function file(names: readonly number[], declared: readonly (readonly [hash: number, line: number])[] = []): FileNames {
  return {
    names: Uint32Array.from(names.toSorted((a, b) => a - b)),
    declared: declared.map(([hash, line]) => ({ hash, line })),
  }
}

describe('ProjectIndex', () => {
  it('knows of each file what it was last told', () => {
    const path = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const names = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 20 })
    const step = fc.oneof(fc.record({ path, names }), fc.record({ path, names: fc.constant(null) }))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), names, (steps, asked) => {
        const index = new ProjectIndex({ files: 10, numbers: 1_000 })
        const model = new Map<string, readonly number[]>()
        for (const { path: at, names: held } of steps) {
          if (held === null) {
            index.delete(at)
            model.delete(at)
          } else {
            index.set(
              at,
              file(
                held,
                held.map((hash) => [hash, hash + 1]),
              ),
            )
            model.set(at, held)
          }
        }
        const found = new Map(index.sharing(asked, 100).map((each) => [each.path, each.shared]))
        for (const [at, held] of model) {
          expect(found.get(at) ?? 0).toBe(held.filter((hash) => asked.includes(hash)).length)
        }
        const places = index.declarations(asked, 100).map(({ path: at, hash, line }) => `${at} ${hash} ${line}`)
        const expected = [...model].flatMap(([at, held]) =>
          held.filter((hash) => asked.includes(hash)).map((hash) => `${at} ${hash} ${hash + 1}`),
        )
        expect(places.toSorted()).toEqual(expected.toSorted())
        expect(index.numbers).toBe([...model.values()].reduce((sum, held) => sum + 3 * held.length, 0))
      }),
    )
  })

  it('ranks files by how much and how rare what they share is', () => {
    const index = new ProjectIndex()
    index.set('common', file([1]))
    index.set('other', file([1]))
    index.set('rare', file([2]))
    index.set('both', file([1, 2]))
    expect(index.sharing([1, 2], 10).map(({ path }) => path)).toEqual(['both', 'rare', 'common', 'other'])
  })

  it('puts the last edited first among equals', () => {
    const index = new ProjectIndex()
    for (const path of ['a', 'b', 'c']) index.set(path, file([1], [[1, 1]]))
    index.edited('c')
    index.edited('b')
    expect(index.sharing([1], 10).map(({ path }) => path)).toEqual(['b', 'c', 'a'])
    expect(index.declarations([1], 2).map(({ path }) => path)).toEqual(['b', 'c'])
  })

  it('answers only files that hold all, when all are asked for', () => {
    const index = new ProjectIndex()
    index.set('a', file([1]))
    index.set('b', file([1, 2]))
    expect(index.sharing([1, 2], 10, true).map(({ path }) => path)).toEqual(['b'])
  })

  it('leaves out what a scan finds when it is full, and takes it when there is room again', () => {
    for (const bounds of [
      { files: 9, numbers: 5 },
      { files: 1, numbers: 9 },
    ]) {
      const index = new ProjectIndex(bounds)
      expect(index.set('a', file([1, 2, 3]))).toBe(true)
      expect(index.set('b', file([1, 2, 3]))).toBe(false)
      expect(index.has('b')).toBe(false)
      index.delete('a')
      expect(index.set('b', file([1, 2, 3]))).toBe(true)
    }
  })

  it('takes what is edited in place of what was least recently of use', () => {
    const index = new ProjectIndex({ files: 3, numbers: 100 })
    for (const [at, path] of ['asked', 'idle', 'declared'].entries()) index.set(path, file([at], [[at, 1]]))
    index.sharing([0], 10)
    index.declarations([2], 10)
    expect(index.wants('new')).toBe(false)
    index.edited('new')
    expect(index.wants('new')).toBe(true)
    expect(index.set('new', file([9]))).toBe(true)
    expect(['asked', 'idle', 'declared', 'new'].map((path) => index.has(path))).toEqual([true, false, true, true])
  })

  it('keeps what is edited when it grows, and not a file that no bound could hold', () => {
    const index = new ProjectIndex({ files: 9, numbers: 6 })
    index.set('a', file([1, 2, 3]))
    index.set('b', file([4, 5, 6]))
    expect(index.set('b', file([4, 5, 6, 7, 8]))).toBe(true)
    expect(index.has('a')).toBe(false)
    expect(index.set('b', file([1, 2, 3, 4, 5, 6, 7]))).toBe(false)
  })

  it('stays within its bounds and answers rightly, whatever is set, edited and asked', () => {
    const path = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    const names = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 12 })
    const step = fc.record({ path, names, what: fc.constantFrom('set', 'edit', 'ask', 'delete') })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const index = new ProjectIndex({ files: 4, numbers: 30 })
        const told = new Map<string, readonly number[]>()
        for (const { path: at, names: held, what } of steps) {
          if (what === 'edit') index.edited(at)
          if (what === 'delete') index.delete(at)
          if (what === 'ask') index.sharing(held, 3)
          if (what === 'set' && index.set(at, file(held))) told.set(at, held)
          expect(index.size).toBeLessThanOrEqual(4)
          expect(index.numbers).toBeLessThanOrEqual(30)
        }
        for (const [at, held] of told) {
          if (!index.has(at) || held.length === 0) continue
          expect(index.sharing(held, 10, true).map((each) => each.path)).toContain(at)
        }
      }),
    )
  })

  it('does not grow by updates of the same files', () => {
    const index = new ProjectIndex({ files: 1_000, numbers: 400_000 })
    const names = Array.from({ length: 2_000 }, (_, at) => at)
    for (let round = 0; round < 50; round += 1) {
      for (let at = 0; at < 100; at += 1) expect(index.set(`f${at}`, file(names))).toBe(true)
    }
    expect(index.numbers).toBe(200_000)
    expect(index.allocated).toBeLessThanOrEqual(4 * (1 << 17))
  })
})
