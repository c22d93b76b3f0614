// Rules from a file: a JSON array of rules whose `when` and `reply` are texts, checked as far as a slip of the pen goes.
import { isWay, WAYS } from './continuations.ts'
import { field } from './requests.ts'
import type { Fault, Rule } from './script.ts'

/** Throws with the place of the first mistake. */
export function rulesOf(text: string): readonly Rule[] {
  const json: unknown = JSON.parse(text)
  if (!Array.isArray(json)) throw new Error('the script must be a JSON array of rules')
  return json.map((value: unknown, index) => ruleOf(value, `rule ${index + 1}`))
}

function ruleOf(value: unknown, where: string): Rule {
  const text = (name: string): string | undefined => {
    const found = field(value, name)
    if (found === undefined || typeof found === 'string') return found
    throw new Error(`${where}: ${name} must be a text`)
  }
  const number = (name: string): number | undefined => {
    const found = field(value, name)
    if (found === undefined || typeof found === 'number') return found
    throw new Error(`${where}: ${name} must be a number`)
  }
  const finish = text('finish')
  if (finish !== undefined && finish !== 'stop' && finish !== 'length' && finish !== 'content_filter') {
    throw new Error(`${where}: finish must be stop, length or content_filter`)
  }
  const continues = text('continues')
  if (continues !== undefined && !isWay(continues)) throw new Error(`${where}: continues must be ${WAYS.join(', ')}`)
  const cached = number('cached')
  const fault = faultOf(field(value, 'fault'), where)
  const when = text('when')
  const reply = text('reply')
  const refusal = text('refusal')
  const times = number('times')
  const ttft = number('ttft')
  const rate = number('rate')
  const thinking = number('thinking')
  return {
    ...(when === undefined ? {} : { when }),
    ...(reply === undefined ? {} : { reply }),
    ...(refusal === undefined ? {} : { refusal }),
    ...(times === undefined ? {} : { times }),
    ...(ttft === undefined ? {} : { ttft }),
    ...(rate === undefined ? {} : { rate }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(finish === undefined ? {} : { finish }),
    ...(continues === undefined ? {} : { continues }),
    ...(cached === undefined ? {} : { cached }),
    ...(fault === undefined ? {} : { fault }),
  }
}

function faultOf(value: unknown, where: string): Fault | undefined {
  if (value === undefined) return undefined
  const type = field(value, 'type')
  const after = field(value, 'after')
  const at = typeof after === 'number' ? { after } : {}
  const code = String(field(value, 'code') ?? 'server_error')
  const message = String(field(value, 'message') ?? 'Something went wrong.')
  switch (type) {
    case 'reset':
    case 'mid-event':
    case 'stall':
    case 'malformed':
    case 'end':
      return { type, ...at }
    case 'html':
      return { type }
    case 'error':
    case 'failed':
      return { type, ...at, code, message }
    case 'status': {
      const status = field(value, 'status')
      const retryAfter = field(value, 'retryAfter')
      if (typeof status !== 'number') throw new Error(`${where}: fault.status must be a number`)
      return { type, status, code, message, ...(typeof retryAfter === 'number' ? { retryAfter } : {}) }
    }
    default:
      throw new Error(`${where}: unknown fault ${JSON.stringify(type)}`)
  }
}
