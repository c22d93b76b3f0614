// All measures of judgement, in the order of the list of targets.
import { j4 } from './j4.ts'
import { j5 } from './j5.ts'
import type { Judgement } from './judgement.ts'

export const JUDGEMENTS: readonly Judgement[] = [j4, j5]
