// J5 holds on the whole golden set, and its judge can find fault.
import { expect, test } from 'vitest'
import { PROJECTS } from '../../fixtures/conventions/projects.ts'
import { judgeConventions } from './j5.ts'

test('every convention that is shown carries its counts, and only what is proven is shown', async () => {
  const judged = await judgeConventions()
  expect(judged.projects).toBeGreaterThanOrEqual(100)
  expect(judged.shown).toBeGreaterThan(30)
  expect(judged).toMatchObject({ bare: [], missed: [], invented: [] })
})

test('the judge finds what was missed and what was invented', async () => {
  const [proven] = PROJECTS
  if (proven === undefined) throw new Error('the golden set is empty')
  const judged = await judgeConventions([
    { ...proven, evidence: 'tabs: 1 of 1' },
    { ...proven, evidence: null },
  ])
  expect(judged.missed).toHaveLength(1)
  expect(judged.invented).toHaveLength(1)
})
