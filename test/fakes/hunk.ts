// A pending hunk of one line, for tests of what is made of hunks.
import { LATER_FIELDS, type Hunk } from '../../main/core/review.ts'

export function makeHunk(fields: Partial<Hunk> = {}): Hunk {
  const edit = { start: 1, end: 2, lines: ['new'] }
  return {
    id: 'h',
    path: 'a.ts',
    kind: 'update',
    moveTo: null,
    base: 'base',
    edit,
    current: edit,
    oldLines: ['old'],
    before: [],
    after: [],
    state: 'pending',
    reason: null,
    apply: null,
    replaced: false,
    byHand: false,
    parsed: null,
    candidates: [],
    yours: null,
    ...LATER_FIELDS,
    ...fields,
  }
}
