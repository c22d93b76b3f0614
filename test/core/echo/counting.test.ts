// Tests of numbers that move on.
import { describe, expect, it } from 'vitest'
import { proposeWithLesson } from '../../../main/core/echo/echo.ts'
import { applyEdits } from '../../../main/core/patch.ts'

const path = 'a.md'

/** The text after steps that write these lines (by number), with everything proposed then applied. */
function counted(lines: readonly string[], ...steps: readonly (readonly [line: number, text: string])[]) {
  const texts = [lines]
  for (const [line, text] of steps) texts.push((texts.at(-1) ?? []).with(line - 1, text))
  const changes = texts
    .slice(1)
    .map((after, at) => ({ path, before: texts[at]?.join('\n') ?? '', after: after.join('\n') }))
  const change = changes.at(-1)
  if (change === undefined) throw new Error('no step')
  const { edits, lesson } = proposeWithLesson({ ...change, history: changes.slice(0, -1) })
  return { lines: applyEdits(change.after, edits).split('\n'), lesson, count: edits.length }
}

describe('counting', () => {
  it('renumbers the rest of a list', () => {
    const list = ['1. open', '2. new', '2. read', '   the file', '3. write', '4. close', '', 'The end of 5. and 6.']
    const { lines, lesson } = counted(list, [3, '3. read'], [5, '4. write'])
    expect(lines).toEqual([
      '1. open',
      '2. new',
      '3. read',
      '   the file',
      '4. write',
      '5. close',
      '',
      'The end of 5. and 6.',
    ])
    expect(lesson).toBe('`+1` for each number that follows, 1 more place')
  })

  it('goes on in cases, names and padded numbers', () => {
    expect(
      counted(['case 1:', 'case 2:', 'case 3:', 'case 4:'], [1, 'case 2:'], [2, 'case 3:']).lines.slice(2),
    ).toEqual(['case 4:', 'case 5:'])
    const names = ['use(step1)', 'use(step2)', 'use(step3)', 'other(step4)']
    expect(counted(names, [1, 'use(step2)'], [2, 'use(step3)']).lines.slice(2)).toEqual(['use(step4)', 'other(step4)'])
    const padded = ['id: 008,', 'id: 009,', 'id: 010,']
    expect(counted(padded, [1, 'id: 009,'], [2, 'id: 010,']).lines[2]).toBe('id: 011,')
  })

  it('ends where the series does, and leaves what stands above alone', () => {
    const list = ['1. a', '2. b', '3. c', '4. d', '', '1. x', '2. y']
    const { lines, count } = counted(list, [2, '3. b'], [3, '4. c'])
    expect(lines).toEqual(['1. a', '3. b', '4. c', '5. d', '', '1. x', '2. y'])
    expect(count).toBe(1)
  })

  it('is silent about one example, and about examples that are no series', () => {
    const list = ['1. a', '2. b', '3. c', '4. d']
    expect(counted(list, [2, '3. b']).count).toBe(0)
    expect(counted(list, [1, '2. a'], [3, '4. c'], [2, 'two']).count).toBe(0)
  })
})
