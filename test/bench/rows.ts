// All rows of the bench, in the order of the list of targets.
import type { Row } from './row.ts'
import { a1, a2, acceptSizes } from './rows/accept.ts'
import { a3 } from './rows/a3.ts'
import { a4 } from './rows/a4.ts'
import { a5 } from './rows/a5.ts'
import { applyLocate, applyRender } from './rows/apply.ts'
import { e1 } from './rows/e1.ts'
import { l1 } from './rows/l1.ts'
import { l6 } from './rows/l6.ts'
import { l2 } from './rows/l2.ts'
import { l3 } from './rows/l3.ts'
import { l4 } from './rows/l4.ts'
import { l5 } from './rows/l5.ts'
import { s1 } from './rows/s1.ts'
import { s10 } from './rows/s10.ts'
import { s11 } from './rows/s11.ts'
import { s12 } from './rows/s12.ts'
import { s2 } from './rows/s2.ts'
import { s3 } from './rows/s3.ts'
import { s4 } from './rows/s4.ts'
import { s5 } from './rows/s5.ts'
import { s6 } from './rows/s6.ts'
import { s7 } from './rows/s7.ts'
import { s8 } from './rows/s8.ts'
import { s9 } from './rows/s9.ts'

export const ROWS: readonly Row[] = [
  s1,
  s2,
  ...s3,
  s4,
  ...s5,
  ...s6,
  ...s7,
  ...s8,
  ...s9,
  ...s10,
  ...s11,
  s12,
  a1,
  a2,
  a3,
  a4,
  a5,
  ...acceptSizes,
  applyLocate,
  applyRender,
  ...e1,
  l1,
  l2,
  l3,
  l4,
  ...l5,
  l6,
]
