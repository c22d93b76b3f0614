// Tests of the table of jobs: every name does what its function does, with plain data.
import { describe, expect, it } from 'vitest'
import { runJob } from '../../main/core/jobs.ts'

const before = 'a.oldName(1)\nx()\nb.oldName(2)\n'
const after = 'a.newName(1)\nx()\nb.oldName(2)\n'

describe('runJob', () => {
  it('compares two texts', () => {
    expect(runJob('diff', { before, after })).toEqual({
      changes: [{ oldStart: 1, oldEnd: 2, newStart: 1, newEnd: 2 }],
      coarse: false,
    })
  })

  it('finds regions', () => {
    expect(runJob('regions', { path: 'a.ts', before, after }).regions).toHaveLength(1)
  })

  it('rebases edits', () => {
    const edit = { start: 2, end: 3, lines: ['y()'] }
    expect(runJob('rebase', { base: before, current: after, edits: [edit] })).toEqual([{ state: 'clean', edit }])
  })

  it('finds out what was overwritten', () => {
    const edits = [{ start: 1, end: 2, lines: ['a.newName(1)'] }]
    expect(runJob('overwritten', { before, after, now: before, edits })).toEqual([true])
  })

  it('proposes echoes', () => {
    expect(runJob('echo', { path: 'a.ts', before, after, history: [] })).toMatchObject({
      edits: [{ path: 'a.ts', start: 3, end: 4, lines: ['b.newName(2)'] }],
      lesson: expect.stringContaining('newName'),
    })
  })

  it('places a hunk of a reply', () => {
    const hunk = {
      path: 'a.ts',
      kind: 'update',
      moveTo: null,
      section: 0,
      format: 'patch',
      anchors: [],
      lines: [
        { kind: '-', text: 'x()' },
        { kind: '+', text: 'y()' },
      ],
      endOfFile: false,
      line: null,
    } as const
    expect(runJob('place', { text: before, hunk, hints: { near: null, after: null } })).toMatchObject({
      ok: true,
      edits: [{ start: 2, end: 3, lines: ['y()'] }],
    })
  })
})
