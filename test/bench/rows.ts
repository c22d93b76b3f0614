// All rows of the bench, in the order of the list of targets.
import type { Row } from './row.ts'
import { a1 } from './rows/a1.ts'
import { l1 } from './rows/l1.ts'
import { s1 } from './rows/s1.ts'
import { s2 } from './rows/s2.ts'
import { s3 } from './rows/s3.ts'
import { s4 } from './rows/s4.ts'
import { s7 } from './rows/s7.ts'

export const ROWS: readonly Row[] = [s1, s2, s3, s4, s7, a1, l1]
