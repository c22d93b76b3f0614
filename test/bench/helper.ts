// A process beside the bench that answers named questions and tells news: both ends of it.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * The bin keeps its compiled code, so the bench does: an engine that runs from its sources would otherwise strip the types off them at
 * the start of each of its threads, 290 ms of processor time instead of 60.
 */
const COMPILED = fileURLToPath(new URL('../../out/bench-cache/', import.meta.url))

/** What a helper can be asked, by name. Values cross as JSON. */
export type HelperTable<Table> = {
  readonly [Name in keyof Table]: { readonly input: unknown; readonly output: unknown }
}

export interface Helper<Table extends HelperTable<Table>> {
  /** Rejects when the helper failed on this question, or has ended. */
  ask<Name extends keyof Table>(name: Name, input: Table[Name]['input']): Promise<Table[Name]['output']>
  /** Resolves when the process has ended. */
  close(): Promise<void>
}

/** `never`: only the asker knows the type of a value, and nobody else takes it out. */
type FromHelper =
  | { readonly type: 'answer'; readonly id: number; readonly value: never }
  | { readonly type: 'fault'; readonly id: number; readonly message: string }
  | { readonly type: 'news'; readonly news: never }

/** Starts it as a process of its own, so that it shares no event loop with what is measured. */
export function startHelper<Table extends HelperTable<Table>, News>(
  entry: URL,
  words: readonly string[],
  onNews: (news: News) => void,
): Helper<Table> {
  const env = { ...process.env, NODE_COMPILE_CACHE: COMPILED }
  const child = fork(fileURLToPath(entry), words, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const pending = new Map<number, { resolve(value: never): void; reject(reason: Error): void }>()
  let lastId = 0
  let ended = false
  const end = new Promise<void>((resolve) => {
    const over = (): void => {
      ended = true
      for (const { reject } of pending.values()) reject(new Error(`${entry.pathname} has ended`))
      pending.clear()
      resolve()
    }
    child.once('exit', over)
    child.once('error', over)
  })
  child.on('message', (text) => {
    const message: FromHelper = JSON.parse(String(text))
    if (message.type === 'news') return onNews(message.news)
    const waiting = pending.get(message.id)
    pending.delete(message.id)
    if (message.type === 'answer') waiting?.resolve(message.value)
    else waiting?.reject(new Error(message.message))
  })
  return {
    ask(name, input) {
      return new Promise((resolve, reject) => {
        if (ended) return reject(new Error(`${entry.pathname} has ended`))
        lastId += 1
        pending.set(lastId, { resolve, reject })
        child.send(JSON.stringify({ id: lastId, name, input }))
      })
    },
    async close() {
      if (!ended) child.kill('SIGKILL')
      await end
    },
  }
}

export type HelperHandlers<Table extends HelperTable<Table>> = {
  readonly [Name in keyof Table]: (
    input: Table[Name]['input'],
  ) => Table[Name]['output'] | Promise<Table[Name]['output']>
}

/** The helper's own end. Returns what tells news; ends the process when the bench is gone. */
export function serveHelper<Table extends HelperTable<Table>, News>(
  handlers: HelperHandlers<Table>,
): (news: News) => void {
  const send = (message: unknown): void => {
    // What fails here fails because the bench has gone: then this process goes, too.
    process.send?.(JSON.stringify(message), () => {})
  }
  process.on('message', (text) => {
    const question: { readonly id: number; readonly name: keyof Table; readonly input: never } = JSON.parse(
      String(text),
    )
    const { id, name, input } = question
    void (async () => handlers[name](input))().then(
      (value) => send({ type: 'answer', id, value }),
      (cause: unknown) => send({ type: 'fault', id, message: cause instanceof Error ? cause.message : String(cause) }),
    )
  })
  process.once('disconnect', () => process.exit(0))
  return (news) => send({ type: 'news', news })
}
