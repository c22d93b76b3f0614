// The model server in a process of its own, answering the bench's questions about what arrived and when.
import { startModelServer } from '../fakes/model-server/server.ts'
import type { Rule, SeenRequest } from '../fakes/model-server/script.ts'
import { ASKED } from './asked.ts'
import { epoch } from './clock.ts'
import { serveHelper } from './helper.ts'

/** A rule as it crosses to this process. */
export type PlainRule = Pick<Rule, 'ttft' | 'rate' | 'fault' | 'times'> & {
  readonly reply: string
  /** A part of the request's text; default: any request. */
  readonly when?: string
}

/** Epoch ms; null for what has not happened. */
export interface RequestTimes {
  readonly firstTokenAt: number | null
  readonly lastTokenAt: number | null
  readonly tokens: number
}

export interface ServerQuestions {
  readonly url: { readonly input: null; readonly output: string }
  readonly now: { readonly input: null; readonly output: number }
  /** The next requests are answered so. */
  readonly script: { readonly input: PlainRule; readonly output: null }
  readonly times: { readonly input: number; readonly output: RequestTimes }
}

/** `at`: epoch ms, when the whole request had arrived, or when the exchange was over. */
export type ServerNews =
  | {
      readonly type: 'arrived'
      readonly id: number
      readonly at: number
      readonly transport: SeenRequest['transport']
      /** It holds the words of `ASKED`: the bench asked it, and no save did. */
      readonly asked: boolean
    }
  | { readonly type: 'over'; readonly id: number; readonly at: number; readonly how: string }

const server = await startModelServer()
const onEpoch = (time: number): number => performance.timeOrigin + time

const tell = serveHelper<ServerQuestions, ServerNews>({
  url: () => server.url,
  now: () => epoch(),
  script(rule) {
    server.script(rule)
    return null
  },
  times(id) {
    const request = server.requests[id - 1]
    if (request === undefined) throw new Error(`there was no request ${id}`)
    const { firstTokenAt, lastTokenAt, tokens } = request
    return {
      firstTokenAt: firstTokenAt === null ? null : onEpoch(firstTokenAt),
      lastTokenAt: lastTokenAt === null ? null : onEpoch(lastTokenAt),
      tokens,
    }
  },
})

async function follow(request: SeenRequest): Promise<void> {
  const { id, transport, text } = request
  tell({ type: 'arrived', id, at: onEpoch(request.at), transport, asked: text.includes(ASKED) })
  const how = await request.over
  const at = request.clientClosedAt ?? request.completedAt
  tell({ type: 'over', id: request.id, at: at === null ? epoch() : onEpoch(at), how })
}

for (let count = 1; ; count += 1) void follow(await server.arrived(count))
