// All measures of judgement, in the order of the list of targets.
import type { Judgement } from './judgement.ts'
import { explanations } from './j7.ts'
import { minimality, unasked, withheld } from './scope.ts'

export const JUDGEMENTS: readonly Judgement[] = [minimality, unasked, withheld, explanations]
