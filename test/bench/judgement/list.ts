// All measures of judgement, in the order of the list of targets.
import { j4 } from './j4.ts'
import { j5 } from './j5.ts'
import { j6 } from './j6.ts'
import type { Judgement } from './judgement.ts'
import { r5 } from './r5.ts'

export const JUDGEMENTS: readonly Judgement[] = [j4, j5, j6, r5]
