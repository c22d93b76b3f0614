// All measures of judgement, in the order of the list of targets.
import { j4 } from './j4.ts'
import { j5 } from './j5.ts'
import { j6 } from './j6.ts'
import { explanations } from './j7.ts'
import type { Judgement } from './judgement.ts'
import { r5 } from './r5.ts'
import { minimality, unasked, withheld } from './scope.ts'

export const JUDGEMENTS: readonly Judgement[] = [minimality, unasked, withheld, j4, j5, j6, explanations, r5]
